import { catalogueEntry, type ErrorCode, type MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';
import { inBetweenStatuses } from '@argus/contract/errors/facts';
import type { Known } from '@argus/contract/errors/known';
import { present } from '@argus/fields/present';
import type { MicrosoftFailure, UpstreamFact } from '@argus/microsoft/fact';
import { AppError, type ErrorParams } from '../platform/problems/app-error.ts';
import { matchFact } from './match-fact.ts';

/** A longer Retry-After is a fault of whoever sent it: nobody waits for days because of a proxy. */
const longestRetryAfterSeconds = 60 * 60;

/** The error of a redirect that carried an error instead of a code; `fact` holds its name and AADSTS numbers. */
export function fromRedirectError(fact: UpstreamFact, suffix: string, known: readonly Known[]): AppError {
  const { code, uncatalogued } = matchFact(fact, 'authorization', known);
  return new AppError(code, { suffix, known, ...(uncatalogued ? { uncatalogued } : {}), upstream: upstreamOf(fact) });
}

/**
 * An AppError for a failure of packages/microsoft.
 * @param context.called the URL that was called
 * @param context.suffix the provider's suffix
 * @param context.known what Argus knows of its own settings
 * @param context.secretExpiresOn when the provider's secret expires; shown if the error is about the secret
 */
export function fromMicrosoft(
  failure: MicrosoftFailure,
  purpose: MicrosoftPurpose,
  context: {
    readonly called: string;
    readonly suffix: string;
    readonly known: readonly Known[];
    readonly secretExpiresOn?: Date | null | undefined;
  },
): AppError {
  const { fact } = failure;
  const known = [...context.known, ...knownOfReply(fact)];
  const { code, uncatalogued } = matchFact(fact, purpose, known);
  const params: ErrorParams = {
    suffix: context.suffix,
    known,
    ...calledAt(fact.egress?.origin || context.called),
    ...present({ status: fact.status }),
    ...(fact.retryAfterMs === undefined
      ? {}
      : { retryAfterSeconds: Math.min(Math.max(Math.ceil(fact.retryAfterMs / 1000), 1), longestRetryAfterSeconds) }),
    ...(fact.egress?.nearMisses === undefined || fact.egress.nearMisses.length === 0
      ? {}
      : { nearMisses: fact.egress.nearMisses.map(({ origin: near, difference }) => ({ origin: near, difference })) }),
    ...(uncatalogued ? { uncatalogued } : {}),
    ...(context.secretExpiresOn && isAboutSecret(code)
      ? { expiresOn: context.secretExpiresOn.toISOString().slice(0, 10) }
      : {}),
    upstream: upstreamOf(fact),
  };
  return new AppError(code, params, { cause: failure });
}

/** Who answered: it decides which reasons are possible. */
function knownOfReply({
  call,
  kind,
  status,
  errorCodes = [],
  graphCodes = [],
  oauthError,
  egress,
}: UpstreamFact): readonly Known[] {
  const isNamed = errorCodes.length > 0 || graphCodes.length > 0 || oauthError !== undefined;
  return [
    call === 'token' ? 'met_at_token_endpoint' : 'met_at_graph',
    ...(isInBetween(status) ? (['answered_in_between'] as const) : []),
    ...(isNamed || kind !== 'http' ? (['reply_names_cause'] as const) : []),
    ...(egress ? [egress.kind === 'address_denied' ? ('address_refused' as const) : ('address_passed' as const)] : []),
    ...(egress ? [isSwitchedOff(egress) ? ('site_switched_off' as const) : ('site_not_switched_off' as const)] : []),
  ];
}

function isSwitchedOff({ kind, nearMisses = [] }: NonNullable<UpstreamFact['egress']>): boolean {
  return kind === 'site_not_registered' && nearMisses.some(({ difference }) => difference === 'inactive');
}

function isInBetween(status: number | undefined): boolean {
  return inBetweenStatuses.some((each) => each === status);
}

/** In the error log and the API, the call is named `stage`. */
function upstreamOf(fact: UpstreamFact): NonNullable<ErrorParams['upstream']> {
  const { egress: network } = fact;
  return {
    stage: fact.call,
    ...present({ status: fact.status }),
    ...(network === undefined ? {} : { networkCode: network.osCode ?? network.kind }),
    ...present({ oauthError: fact.oauthError }),
    ...(fact.errorCodes === undefined ? {} : { aadstsCodes: [...fact.errorCodes] }),
    ...(fact.graphCodes === undefined ? {} : { graphCodes: [...fact.graphCodes] }),
    ...present({
      traceId: fact.traceId,
      correlationId: fact.correlationId,
      requestId: fact.requestId,
      clientRequestId: fact.clientRequestId,
    }),
  };
}

function isAboutSecret(code: ErrorCode): boolean {
  return catalogueEntry(code).aboutSecret === true;
}

/** The origin of a call. A repeated error must carry the same origin, or it counts as a new incident. */
export function calledAt(url: string): Pick<ErrorParams, 'origin' | 'host'> {
  if (!URL.canParse(url)) return {};
  const { origin, host } = new URL(url);
  return { origin, host };
}
