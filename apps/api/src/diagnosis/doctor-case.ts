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
import { whatIsKnown } from '../connection/what-is-known.ts';
import type { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import type { DoctorFact } from './records/doctor-runs.ts';

export type DoctorServices = Services & { readonly tokens: TokenVault; readonly tokenEndpoints: TokenEndpoints };

/** What the token endpoint's reply reveals about the consumer secret. */
export type SecretVerdict =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'rejected'; readonly error: AppError }
  | { readonly verdict: 'unknown'; readonly reason: 'shared_tenant' | 'reply_inconclusive' };

/** What is diagnosed, and the findings that later steps use. */
export interface DoctorCase {
  readonly services: DoctorServices;
  readonly settings: Settings;
  /** Whose connection; null = configuration only. */
  readonly account: { readonly id: string } | null;
  /** The provider that the settings name, or would name. */
  readonly findProvider: () => Promise<AuthProvider | null>;
  /** The time budget of the run. */
  readonly budget: Deadline;
  /** The same, but expired at once when Argus stops; for work that may be interrupted. */
  readonly deadline: Deadline;
  /** What the user would do next: authorize, as long as there is no authorization. It decides between rows A and B. */
  readonly purpose: MicrosoftPurpose;
  provider?: AuthProvider;
  link?: AccountLink;
  grant?: Grant;
  secret?: SecretVerdict;
  /** Who signed in, according to Graph in this run. */
  signedIn?: { readonly objectId: string; readonly userPrincipalName: string };
  /** Whether account, link, authorization and settings are those that the run began with. */
  readonly isPresent: () => Promise<boolean>;
  /** Microsoft throttles. */
  throttled?: boolean;
}

export const fact = (name: DoctorFact['name'], value: string): DoctorFact => ({ name, value });

/** Facts for the known ids. */
export function idFacts(ids: {
  readonly requestId?: string | undefined;
  readonly clientRequestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly correlationId?: string | undefined;
}): readonly DoctorFact[] {
  const names = ['requestId', 'clientRequestId', 'traceId', 'correlationId'] as const;
  return names.flatMap((name) => (ids[name] === undefined ? [] : [fact(name, ids[name])]));
}

export type Side = 'token' | 'mail';

export function urlOf({ settings, provider }: DoctorCase, side: Side): string {
  if (side === 'mail') return settings.mailUrl;
  if (!provider) throw new Error('The provider is known by now.');
  return provider.tokenEndpointUrl;
}

/** The catalogue error for a failure on the way to an endpoint, or in its reply. Anything else is rethrown. */
export function errorOf(examined: DoctorCase, side: Side, cause: unknown): AppError {
  const call: Call = side === 'token' ? 'token' : 'messages';
  const failure = cause instanceof EgressFailure ? fromEgressFact(call, cause.fact, cause) : cause;
  if (!(failure instanceof MicrosoftFailure)) throw cause;
  return fromMicrosoft(failure, side === 'mail' ? 'mail' : examined.purpose, {
    called: urlOf(examined, side),
    suffix: examined.settings.authProviderUrlSuffix,
    known: whatIsKnown(examined),
    secretExpiresOn: examined.provider?.consumerSecretExpiresOn,
  });
}
