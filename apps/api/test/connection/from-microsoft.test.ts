import type { CatalogueEntry, MatchRule } from '@argus/contract/errors/entry';
import { errorCatalogue, type MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';
import type { EgressKind } from '@argus/egress/egress-failure';
import { present } from '@argus/fields/present';
import type { UpstreamFact } from '@argus/microsoft/fact';
import { describe, expect, it } from 'vitest';
import { matchFact } from '../../src/connection/match-fact.ts';

const http = (fact: Partial<UpstreamFact>): UpstreamFact => ({ call: 'messages', kind: 'http', ...fact });
const token = (fact: Partial<UpstreamFact>): UpstreamFact => ({ call: 'token', kind: 'http', ...fact });
const egress = (call: UpstreamFact['call'], kind: EgressKind): UpstreamFact => ({
  call,
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
    [
      'A4 in the words of 2015',
      token({ status: 401, oauthError: 'invalid_client', errorCodes: [70002, 50012] }),
      'authorization_client_rejected',
    ],
    [
      'the last number decides',
      token({ status: 401, oauthError: 'invalid_client', errorCodes: [70002, 50027] }),
      'authorization_certificate_rejected',
    ],
    [
      'whichever it is',
      token({ status: 401, oauthError: 'invalid_client', errorCodes: [50027, 70002] }),
      'authorization_client_rejected',
    ],
    [
      'a wrong secret as distinct from an expired one',
      token({ status: 401, oauthError: 'invalid_client', errorCodes: [7000215] }),
      'authorization_secret_wrong',
    ],
    [
      'an expired one',
      token({ status: 401, oauthError: 'invalid_client', errorCodes: [7000222] }),
      'authorization_secret_expired',
    ],
    [
      'an unknown number stays with its class',
      token({ status: 400, oauthError: 'invalid_grant', errorCodes: [4242424] }),
      'authorization_code_rejected',
    ],
    [
      'a suberror before its class',
      token({ oauthError: 'invalid_grant', suberror: 'consent_required' }),
      'authorization_consent_missing',
    ],
    [
      'a number before a status',
      token({ status: 400, oauthError: 'temporarily_unavailable', errorCodes: [90055] }),
      'authorization_throttled',
    ],
    ['identity', token({ call: 'identity', status: 503 }), 'authorization_upstream_error'],
    ['identity', token({ call: 'identity', status: 400 }), 'authorization_identity_unconfirmed'],
    ['identity', token({ call: 'identity', status: 403 }), 'authorization_identity_refused'],
    ['A4 at any status', token({ status: 400, oauthError: 'invalid_client' }), 'authorization_client_rejected'],
    ['A5', token({ status: 404 }), 'authorization_token_endpoint_not_found'],
    [
      'A5',
      token({ status: 400, oauthError: 'invalid_request', errorCodes: [90002] }),
      'authorization_tenant_not_found',
    ],
    ['A5', token({ status: 400, errorCodes: [900023] }), 'authorization_tenant_not_found'],
    ['A6', egress('token', 'timeout'), 'authorization_timeout'],
    ['A6', egress('token', 'connect_timeout'), 'authorization_timeout'],
    ['A6', egress('identity', 'timeout'), 'authorization_timeout'],
    ['A-status', token({ status: 429 }), 'authorization_throttled'],
    ['A-status', token({ status: 400, oauthError: 'invalid_grant' }), 'authorization_code_rejected'],
    ['A-status', token({ status: 502 }), 'authorization_upstream_error'],
    ['A-status', token({ status: 418 }), 'authorization_rejected'],
    ['A-status', { call: 'token', kind: 'malformed' } as UpstreamFact, 'authorization_reply_malformed'],
    ['identity', egress('identity', 'site_not_registered'), 'authorization_identity_unconfirmed'],
  ] as const)('%s while authorizing: %o → %s', (_, fact, code) => {
    expect(matchFact(fact, 'authorization').code).toBe(code);
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
    ['reconnect', http({ status: 401, hasClaimsChallenge: true }), 'mail_claims_challenge'],
    ['never B7', http({ status: 401, graphCodes: ['InvalidAuthenticationToken'] }), 'mail_unauthorized'],
    ['mailbox', http({ status: 404, graphCodes: ['MailboxNotEnabledForRESTAPI'] }), 'mail_mailbox_not_enabled'],
    [
      'mailbox',
      http({ status: 401, graphCodes: ['OrganizationFromTenantGuidNotFound'] }),
      'mail_exchange_online_missing',
    ],
    [
      'a challenge before the code that comes with it',
      http({ status: 401, graphCodes: ['InvalidAuthenticationToken'], hasClaimsChallenge: true }),
      'mail_claims_challenge',
    ],
    [
      'the innermost code',
      http({ status: 403, graphCodes: ['ErrorAccessDenied', 'extensionError'] }),
      'mail_mailbox_hybrid',
    ],
    [
      'whichever it is',
      http({ status: 403, graphCodes: ['extensionError', 'ErrorAccessDenied'] }),
      'mail_access_denied',
    ],
    ['a code before its status', http({ status: 503, graphCodes: ['ErrorServerBusy'] }), 'mail_mailbox_busy'],
    ['a path before its status', http({ status: 400, graphSegmentNotFound: true }), 'mail_not_found'],
    ['mailbox', http({ status: 404, graphCodes: ['ErrorInvalidUser'] }), 'mail_mailbox_not_found'],
    ['mailbox', http({ status: 404, graphCodes: ['ResourceNotFound'] }), 'mail_mailbox_not_found'],
    ['U03', http({ status: 403, graphCodes: ['ErrorAccessDenied'] }), 'mail_access_denied'],
    ['U03', http({ status: 429 }), 'mail_throttled'],
    ['U03', http({ status: 503 }), 'mail_upstream_error'],
    ['U03', http({ status: 410 }), 'mail_rejected'],
    ['U05', { call: 'messages', kind: 'malformed' } as UpstreamFact, 'mail_reply_malformed'],
    ['U06', egress('messages', 'too_large'), 'mail_reply_malformed'],
    ['E13', egress('messages', 'redirect'), 'mail_reply_malformed'],
  ] as const)('%s while the portlet refreshes: %o → %s', (_, fact, code) => {
    expect(matchFact(fact, 'mail').code).toBe(code);
  });

  it.each([
    ['a number that no entry lists', token({ status: 400, oauthError: 'invalid_grant', errorCodes: [4242424] }), true],
    ['a known number', token({ status: 400, oauthError: 'invalid_grant', errorCodes: [50173] }), false],
    ['an error without a number', token({ status: 400, oauthError: 'invalid_grant' }), false],
    ['a code that no entry lists', http({ status: 403, graphCodes: ['ErrorOfTomorrow'] }), true],
    ['a known code', http({ status: 403, graphCodes: ['ErrorAccessDenied'] }), false],
    ['a status that nothing recognises', http({ status: 418 }), true],
    ['no reply at all', egress('messages', 'dns'), false],
  ] as const)('%s: uncatalogued %o → %s', (_, fact, uncatalogued) => {
    expect(matchFact(fact, 'mail').uncatalogued).toBe(uncatalogued);
  });

  it.each([
    [{ oauthError: 'access_denied' }, 'authorization_declined'],
    [{ oauthError: 'access_denied', suberror: 'cancel', errorCodes: [65004] }, 'authorization_declined'],
    [{ oauthError: 'access_denied', errorCodes: [50126] }, 'authorization_interaction_required'],
    [{ oauthError: 'access_denied', errorCodes: [90094] }, 'authorization_redirect_admin_consent_needed'],
    [{ oauthError: 'access_denied', errorCodes: [53003] }, 'authorization_redirect_access_blocked'],
    [{ oauthError: 'interaction_required', errorCodes: [50105] }, 'authorization_redirect_assignment_required'],
    [{ oauthError: 'interaction_required', errorCodes: [16000] }, 'authorization_redirect_several_sessions'],
    [{ oauthError: 'interaction_required' }, 'authorization_interaction_required'],
    // O11: prose that the browser may have forged does not outweigh the error.
    [{ oauthError: 'server_error', errorCodes: [65004] }, 'authorization_server_error'],
    [{ oauthError: 'toString' }, 'authorization_redirect_error'],
  ] as const)('on the redirect: %o → %s', (fact, code) => {
    expect(matchFact(token({ ...fact, call: 'authorize' }), 'authorization').code).toBe(code);
  });

  it('every number, code and status of the catalogue leads to the entry that names it', () => {
    for (const [code, { purpose, match = [] }] of Object.entries<CatalogueEntry>(errorCatalogue)) {
      for (const rule of match) {
        for (const fact of factsOf(rule)) {
          expect(matchFact(fact, purpose as MicrosoftPurpose, rule.knows).code, JSON.stringify(fact)).toBe(code);
        }
      }
    }
  });
});

/** One fact for each number, code, suberror or network fault of a rule, with the first value of its other lists. */
function factsOf(rule: MatchRule): UpstreamFact[] {
  const call = rule.call === 'graph' ? 'messages' : rule.call;
  if (rule.network) return rule.network.map((kind) => egress(call, kind));
  if (rule.malformed) return [{ call, kind: 'malformed' }];
  const status = typeof rule.status === 'string' ? Number(rule.status[0]) * 100 + 18 : rule.status?.[0];
  const beside: Partial<UpstreamFact> = {
    ...present({ status }),
    ...(rule.oauth?.[0] === undefined ? {} : { oauthError: rule.oauth[0] }),
    ...(rule.numbers === 'some' ? { errorCodes: [999_999] } : {}),
    ...(rule.claimsChallenge ? { hasClaimsChallenge: true } : {}),
    ...(rule.segmentNotFound ? { graphSegmentNotFound: true } : {}),
    ...(rule.defaultFolderMissing ? { defaultFolderMissing: true } : {}),
  };
  const each: Partial<UpstreamFact>[] = [
    ...(rule.aadsts ?? []).map((number) => ({ errorCodes: [number] })),
    ...(rule.graph ?? []).map((code) => ({ graphCodes: [code] })),
    ...(rule.suberror ?? []).map((suberror) => ({ suberror })),
  ];
  return (each.length > 0 ? each : [{}]).map((one) => http({ call, ...beside, ...one }));
}
