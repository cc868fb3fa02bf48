import type { EgressKind } from '@argus/egress/egress-failure';
import type { UpstreamFact } from '@argus/microsoft/fact';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../src/from-microsoft.ts';

const http = (fact: Partial<UpstreamFact>): UpstreamFact => ({ stage: 'messages', kind: 'http', ...fact });
const token = (fact: Partial<UpstreamFact>): UpstreamFact => ({ stage: 'token', kind: 'http', ...fact });
const egress = (stage: UpstreamFact['stage'], kind: EgressKind): UpstreamFact => ({
  stage,
  kind: 'egress',
  egress: { kind, origin: 'https://host.example' },
});

describe('from facts to codes', () => {
  it.each([
    ['A3', egress('token', 'site_not_registered'), 'authorization_site_not_registered'],
    ['A3', egress('token', 'plain_http'), 'authorization_site_not_registered'],
    ['A3b', egress('token', 'dns'), 'authorization_token_endpoint_unreachable'],
    ['A3b', egress('token', 'refused'), 'authorization_token_endpoint_unreachable'],
    ['A3b', egress('token', 'tls'), 'authorization_token_endpoint_unreachable'],
    ['A3b', egress('token', 'address_denied'), 'authorization_token_endpoint_unreachable'],
    ['A4', token({ status: 401, oauthError: 'invalid_client' }), 'authorization_client_rejected'],
    ['A4 at any status', token({ status: 400, oauthError: 'invalid_client' }), 'authorization_client_rejected'],
    ['A5', token({ status: 404 }), 'authorization_token_endpoint_not_found'],
    [
      'A5',
      token({ status: 400, oauthError: 'invalid_request', errorCodes: [90002] }),
      'authorization_token_endpoint_not_found',
    ],
    ['A5', token({ status: 400, errorCodes: [900023] }), 'authorization_token_endpoint_not_found'],
    ['A6', egress('token', 'timeout'), 'authorization_timeout'],
    ['A6', egress('token', 'connect_timeout'), 'authorization_timeout'],
    ['A6', egress('identity', 'timeout'), 'authorization_timeout'],
    ['A-status', token({ status: 429 }), 'authorization_throttled'],
    ['A-status', token({ status: 400, oauthError: 'invalid_grant' }), 'authorization_code_rejected'],
    ['A-status', token({ status: 502 }), 'authorization_upstream_error'],
    ['A-status', token({ status: 418 }), 'authorization_rejected'],
    ['A-status', { stage: 'token', kind: 'malformed' } as UpstreamFact, 'authorization_reply_malformed'],
    ['identity', egress('identity', 'site_not_registered'), 'authorization_identity_unconfirmed'],
  ] as const)('%s while authorizing: %o → %s', (_, fact, code) => {
    expect(codeOf(fact, 'authorization')).toBe(code);
  });

  it.each([
    ['B1', egress('messages', 'timeout'), 'mail_timeout'],
    ['B1', egress('token', 'timeout'), 'mail_timeout'],
    ['B4', http({ status: 404 }), 'mail_not_found'],
    ['B4', http({ status: 400, graphCodes: ['BadRequest'], graphSegmentNotFound: true }), 'mail_not_found'],
    ['B5', egress('messages', 'site_not_registered'), 'mail_site_not_registered'],
    ['B5', egress('messages', 'origin_mismatch'), 'mail_site_not_registered'],
    ['B5b', egress('messages', 'dns'), 'mail_endpoint_unreachable'],
    ['B5b', egress('messages', 'refused'), 'mail_endpoint_unreachable'],
    ['B6', egress('token', 'site_not_registered'), 'mail_token_site_not_registered'],
    ['B6b', egress('token', 'refused'), 'mail_token_endpoint_unreachable'],
    ['B7', token({ status: 401, oauthError: 'invalid_client' }), 'mail_client_rejected'],
    ['reconnect', token({ status: 400, oauthError: 'invalid_grant' }), 'mail_reconnect_needed'],
    ['reconnect', token({ status: 400, oauthError: 'interaction_required' }), 'mail_reconnect_needed'],
    ['reconnect', http({ status: 401, hasClaimsChallenge: true }), 'mail_reconnect_needed'],
    ['never B7', http({ status: 401, graphCodes: ['InvalidAuthenticationToken'] }), 'mail_unauthorized'],
    ['mailbox', http({ status: 404, graphCodes: ['MailboxNotEnabledForRESTAPI'] }), 'mail_mailbox_not_enabled'],
    ['mailbox', http({ status: 401, graphCodes: ['OrganizationFromTenantGuidNotFound'] }), 'mail_mailbox_not_enabled'],
    ['mailbox', http({ status: 404, graphCodes: ['ErrorInvalidUser'] }), 'mail_mailbox_not_found'],
    ['mailbox', http({ status: 404, graphCodes: ['ResourceNotFound'] }), 'mail_mailbox_not_found'],
    ['U03', http({ status: 403, graphCodes: ['ErrorAccessDenied'] }), 'mail_access_denied'],
    ['U03', http({ status: 429 }), 'mail_throttled'],
    ['U03', http({ status: 503 }), 'mail_upstream_error'],
    ['U03', http({ status: 410 }), 'mail_rejected'],
    ['U05', { stage: 'messages', kind: 'malformed' } as UpstreamFact, 'mail_reply_malformed'],
    ['U06', egress('messages', 'too_large'), 'mail_reply_malformed'],
    ['E13', egress('messages', 'redirect'), 'mail_reply_malformed'],
  ] as const)('%s while the portlet refreshes: %o → %s', (_, fact, code) => {
    expect(codeOf(fact, 'mail')).toBe(code);
  });
});
