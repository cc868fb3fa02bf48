import type { MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';
import type { Deadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import { type Call, fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import { fromMicrosoft } from '../connection/from-microsoft.ts';
import type { TokenVault } from '../connection/grant-tokens.ts';
import type { TokenEndpoints } from '../connection/oauth/token-client.ts';
import type { AccountLink } from '../connection/records/account-links.ts';
import type { AuthProvider } from '../connection/records/auth-providers.ts';
import type { Grant } from '../connection/records/grants.ts';
import type { Settings } from '../connection/records/settings.ts';
import type { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import type { DoctorFact } from './records/doctor-runs.ts';

export type DoctorServices = Services & { readonly tokens: TokenVault; readonly tokenEndpoints: TokenEndpoints };

/** What the token endpoint's reply said about the consumer secret. */
export type SecretVerdict =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'rejected'; readonly error: AppError }
  | { readonly verdict: 'unknown'; readonly reason: 'shared_tenant' | 'reply_inconclusive' };

/** What is examined, and what the steps found out for those after them. */
export interface DoctorCase {
  readonly services: DoctorServices;
  readonly settings: Settings;
  /** Whose connection; null = only the configuration. */
  readonly account: { readonly id: string } | null;
  /** The budget of the run. */
  readonly budget: Deadline;
  /** The same, and over at once when Argus stops; for work that may be interrupted. */
  readonly deadline: Deadline;
  /** What the user meets next: without any authorization, that of authorizing. It decides between the rows A and B. */
  readonly purpose: MicrosoftPurpose;
  provider?: AuthProvider;
  link?: AccountLink;
  grant?: Grant;
  secret?: SecretVerdict;
  /** Who signed in, by Graph's word in this very run. */
  signedIn?: { readonly objectId: string; readonly userPrincipalName: string };
  /** Microsoft asked to be left alone. */
  throttled?: boolean;
}

export const fact = (name: DoctorFact['name'], value: string): DoctorFact => ({ name, value });

/** The facts of the ids that are known. */
export function idFacts(ids: {
  readonly requestId?: string | undefined;
  readonly clientRequestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly correlationId?: string | undefined;
}): readonly DoctorFact[] {
  const names = ['requestId', 'clientRequestId', 'traceId', 'correlationId'] as const;
  return names.flatMap((name) => (ids[name] === undefined ? [] : [fact(name, ids[name])]));
}

/** Which of the two endpoints. */
export type Side = 'token' | 'mail';

export function urlOf({ settings, provider }: DoctorCase, side: Side): string {
  if (side === 'mail') return settings.mailUrl;
  if (!provider) throw new Error('The provider is known by now.');
  return provider.tokenEndpointUrl;
}

/** The catalogue's error for a failure on the way to an endpoint, or of its reply. Anything else is thrown on. */
export function errorOf(examined: DoctorCase, side: Side, cause: unknown): AppError {
  const call: Call = side === 'token' ? 'token' : 'messages';
  const failure = cause instanceof EgressFailure ? fromEgressFact(call, cause.fact, cause) : cause;
  if (!(failure instanceof MicrosoftFailure)) throw cause;
  return fromMicrosoft(failure, side === 'mail' ? 'mail' : examined.purpose, {
    called: urlOf(examined, side),
    suffix: examined.settings.authProviderUrlSuffix,
    secretExpiresOn: examined.provider?.consumerSecretExpiresOn,
  });
}
