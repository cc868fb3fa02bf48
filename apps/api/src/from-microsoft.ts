import type { ErrorCode } from '@argus/contract/error-catalogue';
import type { EgressFact } from '@argus/egress/egress-failure';
import type { MicrosoftFailure, UpstreamFact } from '@argus/microsoft/fact';
import { AppError, type ErrorParams } from './app-error.ts';

/** On which occasion Microsoft was called: it decides which of the customer's rows a fact becomes. */
export type Occasion = 'authorization' | 'mail';

/** Retry-After is honoured, but nobody waits longer than this on one reply's word. */
const longestRetryAfterSeconds = 300;

type Rule = readonly [holds: (fact: UpstreamFact) => boolean, code: ErrorCode];

const egress =
  (...kinds: EgressFact['kind'][]) =>
  (fact: UpstreamFact) =>
    fact.kind === 'egress' && fact.egress !== undefined && kinds.includes(fact.egress.kind);
const oauth =
  (...errors: string[]) =>
  (fact: UpstreamFact) =>
    fact.kind === 'http' && fact.oauthError !== undefined && errors.includes(fact.oauthError);
const aadsts =
  (...codes: number[]) =>
  (fact: UpstreamFact) =>
    fact.kind === 'http' && (fact.errorCodes ?? []).some((code) => codes.includes(code));
const graph =
  (...codes: string[]) =>
  (fact: UpstreamFact) =>
    fact.kind === 'http' && (fact.graphCodes ?? []).some((code) => codes.includes(code));
const status = (test: (status: number) => boolean) => (fact: UpstreamFact) =>
  fact.kind === 'http' && fact.status !== undefined && test(fact.status);
const always = () => true;

const siteBlocked = egress('site_not_registered', 'plain_http', 'malformed_url', 'origin_mismatch');
const unreachable = egress('dns', 'refused', 'tls', 'reset', 'address_denied', 'network');
const timedOut = egress('timeout', 'connect_timeout');
const unreadable = (fact: UpstreamFact) =>
  fact.kind === 'malformed' || egress('redirect', 'truncated', 'too_large', 'protocol')(fact);
const clientRejected = oauth('invalid_client');
/** The tenant in the path of the URL does not exist, or is none (AADSTS90002, AADSTS900023). */
const tenantNotFound = aadsts(90002, 900023);
const userMustAct = oauth('invalid_grant', 'interaction_required', 'consent_required', 'login_required');
const transient = oauth('temporarily_unavailable', 'server_error');
const notFound = status((code) => code === 404);
const throttled = status((code) => code === 429);
const serverFault = status((code) => code >= 500);

/** From facts to codes, most specific first. The token endpoint while a user authorizes. */
const tokenRulesOfAuthorization: readonly Rule[] = [
  [siteBlocked, 'authorization_site_not_registered'],
  [unreachable, 'authorization_token_endpoint_unreachable'],
  [timedOut, 'authorization_timeout'],
  [unreadable, 'authorization_reply_malformed'],
  [clientRejected, 'authorization_client_rejected'],
  [tenantNotFound, 'authorization_token_endpoint_not_found'],
  [notFound, 'authorization_token_endpoint_not_found'],
  [throttled, 'authorization_throttled'],
  [userMustAct, 'authorization_code_rejected'],
  [transient, 'authorization_upstream_error'],
  [serverFault, 'authorization_upstream_error'],
  [status((code) => code === 403), 'authorization_forbidden'],
  [always, 'authorization_rejected'],
];

/** Graph's `/me` while a user authorizes. */
const identityRulesOfAuthorization: readonly Rule[] = [
  [timedOut, 'authorization_timeout'],
  [always, 'authorization_identity_unconfirmed'],
];

/** The token endpoint while the portlet refreshes. */
const tokenRulesOfMail: readonly Rule[] = [
  [siteBlocked, 'mail_token_site_not_registered'],
  [unreachable, 'mail_token_endpoint_unreachable'],
  [timedOut, 'mail_timeout'],
  [unreadable, 'mail_token_endpoint_unreachable'],
  [clientRejected, 'mail_client_rejected'],
  [tenantNotFound, 'mail_token_endpoint_not_found'],
  [notFound, 'mail_token_endpoint_not_found'],
  [throttled, 'mail_throttled'],
  [userMustAct, 'mail_reconnect_needed'],
  [transient, 'mail_upstream_error'],
  [serverFault, 'mail_upstream_error'],
  [always, 'mail_rejected'],
];

/** Graph while the portlet refreshes: `/me`, the messages, the folder. */
const graphRulesOfMail: readonly Rule[] = [
  [siteBlocked, 'mail_site_not_registered'],
  [unreachable, 'mail_endpoint_unreachable'],
  [timedOut, 'mail_timeout'],
  [unreadable, 'mail_reply_malformed'],
  [
    graph('MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI', 'OrganizationFromTenantGuidNotFound'),
    'mail_mailbox_not_enabled',
  ],
  [graph('ErrorInvalidUser', 'ResourceNotFound', 'ErrorNonExistentMailbox'), 'mail_mailbox_not_found'],
  [(fact) => fact.hasClaimsChallenge === true, 'mail_reconnect_needed'],
  [status((code) => code === 401), 'mail_unauthorized'],
  [status((code) => code === 403), 'mail_access_denied'],
  [(fact) => fact.graphSegmentNotFound === true, 'mail_not_found'],
  [notFound, 'mail_not_found'],
  [throttled, 'mail_throttled'],
  [serverFault, 'mail_upstream_error'],
  [always, 'mail_rejected'],
];

/** The catalogue's code for what Microsoft, or the way there, answered. Pure; judged by codes and structure alone. */
export function codeOf(fact: UpstreamFact, occasion: Occasion): ErrorCode {
  const rules =
    occasion === 'mail'
      ? fact.stage === 'token'
        ? tokenRulesOfMail
        : graphRulesOfMail
      : fact.stage === 'token'
        ? tokenRulesOfAuthorization
        : identityRulesOfAuthorization;
  const rule = rules.find(([holds]) => holds(fact));
  // Every table ends with `always`.
  return (rule as Rule)[1];
}

/** Errors of the redirect back from the authorize endpoint (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const byRedirectError: Readonly<Record<string, ErrorCode>> = {
  access_denied: 'authorization_declined',
  consent_required: 'authorization_consent_required',
  interaction_required: 'authorization_interaction_required',
  login_required: 'authorization_login_required',
  server_error: 'authorization_server_error',
  temporarily_unavailable: 'authorization_server_error',
  unauthorized_client: 'authorization_client_not_allowed',
  invalid_scope: 'authorization_scope_invalid',
  invalid_resource: 'authorization_scope_invalid',
};

/** The error of a redirect that brought an error instead of a code; `fact` holds its name and AADSTS numbers. */
export function fromRedirectError(fact: UpstreamFact, suffix: string): AppError {
  const { oauthError } = fact;
  const known =
    oauthError !== undefined && Object.hasOwn(byRedirectError, oauthError) ? byRedirectError[oauthError] : undefined;
  return new AppError(known ?? 'authorization_redirect_error', { suffix, upstream: upstreamOf(fact, 'authorize') });
}

/** An AppError for a failure of packages/microsoft. `called` is the URL that was called, `suffix` the provider's. */
export function fromMicrosoft(
  failure: MicrosoftFailure,
  occasion: Occasion,
  context: { readonly called: string; readonly suffix: string },
): AppError {
  const { fact } = failure;
  const origin = fact.egress?.origin || originOf(context.called);
  const params: ErrorParams = {
    suffix: context.suffix,
    ...(origin === undefined ? {} : { origin, host: hostOf(origin) }),
    ...(fact.status === undefined ? {} : { status: fact.status }),
    ...(fact.retryAfterMs === undefined
      ? {}
      : { retryAfterSeconds: Math.min(Math.max(Math.ceil(fact.retryAfterMs / 1000), 1), longestRetryAfterSeconds) }),
    ...(fact.egress?.nearMisses === undefined || fact.egress.nearMisses.length === 0
      ? {}
      : { nearMisses: fact.egress.nearMisses.map(({ origin: near, difference }) => ({ origin: near, difference })) }),
    upstream: upstreamOf(fact, fact.stage),
  };
  return new AppError(codeOf(fact, occasion), params, { cause: failure });
}

function upstreamOf(fact: UpstreamFact, stage: string): NonNullable<ErrorParams['upstream']> {
  const { egress: network } = fact;
  return {
    stage,
    ...(fact.status === undefined ? {} : { status: fact.status }),
    ...(network === undefined ? {} : { networkCode: network.osCode ?? network.kind }),
    ...(fact.oauthError === undefined ? {} : { oauthError: fact.oauthError }),
    ...(fact.errorCodes === undefined ? {} : { aadstsCodes: [...fact.errorCodes] }),
    ...(fact.graphCodes === undefined ? {} : { graphCodes: [...fact.graphCodes] }),
    ...(fact.traceId === undefined ? {} : { traceId: fact.traceId }),
    ...(fact.correlationId === undefined ? {} : { correlationId: fact.correlationId }),
    ...(fact.requestId === undefined ? {} : { requestId: fact.requestId }),
    ...(fact.clientRequestId === undefined ? {} : { clientRequestId: fact.clientRequestId }),
  };
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
