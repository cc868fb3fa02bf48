import type { Deadline } from '@argus/egress/deadline';
import type { TokenReply } from '@argus/microsoft/entra';
import { type ClientCredential, requestToken, type TokenCallIds } from '@argus/microsoft/token-request';
import type { Services } from '../../platform/services.ts';
import { UnsealError } from '../../platform/vault/seal.ts';
import { type AuthProvider, consumerSecretPlace } from '../records/auth-providers.ts';
import type { Settings } from '../records/settings.ts';
import { auditRefusedSeal } from '../refused-seal.ts';
import { originOf } from '../usable-grant.ts';
import { callbackUrl } from './flow-addresses.ts';

/** The least time a started refresh gets, however short its caller's deadline. Milliseconds. */
const defaultLeastRefreshMs = 15_000;

/** Which token endpoint to call, and how long the caller waits. */
export interface TokenCall {
  readonly provider: AuthProvider;
  readonly settings: Pick<Settings, 'connectTimeoutSeconds'>;
  readonly deadline: Deadline;
}

/** Every call to a token endpoint. They fail as packages/microsoft does, with call `token`. */
export interface TokenEndpoints {
  /** How long one call may take unless a deadline ends it sooner. Milliseconds. */
  tokenCallMs(settings: Pick<Settings, 'totalTimeoutSeconds'>): number;
  /** Redeems a code. The caller has checked the state. @throws MicrosoftFailure */
  redeemCode(call: TokenCall, given: { readonly code: string; readonly verifier: string }): Promise<TokenReply>;
  /** @throws MicrosoftFailure */
  refresh(call: TokenCall, refreshToken: string): Promise<TokenReply>;
  /**
   * Requests a token of the app's own (RFC 6749, 4.4) and discards it: it only tests the secret.
   * @param resource the API to request a token for: `{resource}/.default`, or as it is where the endpoints are v1
   * @throws MicrosoftFailure @see
   * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
   */
  tryClientCredentials(call: TokenCall, resource: string): Promise<TokenCallIds>;
}

export function createTokenEndpoints(
  services: Services,
  { leastRefreshMs = defaultLeastRefreshMs }: { readonly leastRefreshMs?: number | undefined } = {},
): TokenEndpoints {
  const { config, egress } = services;

  async function request(
    { provider, settings, deadline }: TokenCall,
    grant: { type: string; parameters: Record<string, string> },
  ) {
    const client = {
      tokenEndpointUrl: provider.tokenEndpointUrl,
      clientId: provider.consumerKey,
      credential: await credentialOf(services, provider),
    };
    return requestToken(egress, client, grant, {
      deadline,
      connectTimeoutMs: settings.connectTimeoutSeconds * 1000,
    });
  }
  const resourceOf = ({ resource }: AuthProvider) => (resource === null ? {} : { resource });

  return {
    tokenCallMs: ({ totalTimeoutSeconds }) => Math.max(totalTimeoutSeconds * 1000, leastRefreshMs),
    async redeemCode(call, { code, verifier }) {
      const { provider } = call;
      const redirectUri = callbackUrl(config.http.publicUrl, provider.urlSuffix);
      const parameters = { ...resourceOf(provider), code, redirect_uri: redirectUri, code_verifier: verifier };
      return (await request(call, { type: 'authorization_code', parameters })).reply;
    },
    async refresh(call, refreshToken) {
      const parameters = { ...resourceOf(call.provider), refresh_token: refreshToken };
      return (await request(call, { type: 'refresh_token', parameters })).reply;
    },
    async tryClientCredentials(call, resource) {
      const isV1 = call.provider.resource !== null;
      const parameters: Record<string, string> = isV1 ? { resource } : { scope: `${resource}/.default` };
      return (await request(call, { type: 'client_credentials', parameters })).ids;
    },
  };
}

/**
 * The consumer secret opens only for the origin of this token endpoint.
 * @throws UnsealError
 */
async function credentialOf({ db, vault }: Services, provider: AuthProvider): Promise<ClientCredential> {
  const { id, name, sealedConsumerSecret, tokenEndpointUrl, clientAuthentication } = provider;
  if (sealedConsumerSecret === null) return { kind: 'none' };
  try {
    const secret = vault.open(sealedConsumerSecret, consumerSecretPlace(id, originOf(tokenEndpointUrl)));
    return { kind: 'secret', secret, sentIn: clientAuthentication };
  } catch (error) {
    if (error instanceof UnsealError) await auditRefusedSeal(db, { kind: 'auth_provider', id, name });
    throw error;
  }
}
