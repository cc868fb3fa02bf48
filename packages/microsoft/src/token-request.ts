import { randomUUID } from 'node:crypto';
import { asFetch, type FetchLimits } from '@argus/egress/as-fetch';
import { EgressFailure } from '@argus/egress/egress-failure';
import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import { present } from '@argus/fields/present';
import * as oauth from 'oauth4webapi';
import { fromTokenEndpointError, parseTokenResponse, rotatedRefreshToken, type TokenReply } from './entra.ts';
import { fromEgressFact, MicrosoftFailure } from './fact.ts';
import { parseJson } from './parse-json.ts';
import { guid } from './reply-fields.ts';

/** How an app authenticates to the token endpoint. */
export type ClientCredential =
  /** A secret in the form (client_secret_post), or in the Authorization header (client_secret_basic). */
  | { readonly kind: 'secret'; readonly secret: string; readonly sentIn: 'body' | 'header' }
  /** A public client. */
  | { readonly kind: 'none' };

export interface TokenClient {
  readonly tokenEndpointUrl: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
}

/** Microsoft finds a token call in its logs by these. */
export interface TokenCallIds {
  readonly requestId?: string;
  readonly clientRequestId: string;
}

const longestReplyBytes = 1024 * 1024;

function authenticationOf(credential: ClientCredential): oauth.ClientAuth {
  switch (credential.kind) {
    case 'none':
      return oauth.None();
    case 'secret':
      return credential.sentIn === 'body'
        ? oauth.ClientSecretPost(credential.secret)
        : oauth.ClientSecretBasic(credential.secret);
  }
}

/**
 * One call to the token endpoint, for any grant (RFC 6749, 4 and 6) and credential. It sends a GUID as
 * `client-request-id`. No retries here.
 *
 * The library builds and authenticates the request. It does not read the reply: v1 endpoints write numbers as text,
 * and an error has to keep its AADSTS numbers.
 * @param parameters of the grant, without `grant_type` and the client's own
 * @throws MicrosoftFailure of the call `token`; an error of the remote-site list itself (its database) passes
 * unchanged @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function requestToken(
  egress: Pick<GuardedFetch, 'fetch'>,
  client: TokenClient,
  grant: { readonly type: string; readonly parameters: Readonly<Record<string, string>> },
  limits: Pick<FetchLimits, 'deadline' | 'connectTimeoutMs'>,
): Promise<{ readonly reply: TokenReply; readonly ids: TokenCallIds }> {
  const clientRequestId = randomUUID();
  const { tokenEndpointUrl, clientId, credential } = client;
  const server = { issuer: new URL(tokenEndpointUrl).origin, token_endpoint: tokenEndpointUrl };
  const guarded = asFetch(egress, { ...limits, maxBytes: longestReplyBytes });
  const response = await oauth
    .genericTokenEndpointRequest(
      server,
      { client_id: clientId },
      authenticationOf(credential),
      grant.type,
      { ...grant.parameters },
      {
        headers: { 'client-request-id': clientRequestId },
        [oauth.customFetch]: guarded,
        // The remote-site list decides where plain http is allowed.
        [oauth.allowInsecureRequests]: true,
      },
    )
    .catch((cause: unknown) => {
      if (!(cause instanceof EgressFailure)) throw cause;
      const { fact } = fromEgressFact('token', cause.fact, cause);
      throw new MicrosoftFailure({ ...fact, clientRequestId }, { cause });
    });
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const payload = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw fromTokenEndpointError({ status, payload, headers, clientRequestId });
  const ids = { clientRequestId, ...present({ requestId: guid(headers['x-ms-request-id']) }) };
  try {
    return { reply: parseTokenResponse(parseJson(payload)?.json), ids };
  } catch {
    // Without the cause: the parser's message may quote the reply.
    const { fact } = fromTokenEndpointError({ status, payload, headers, clientRequestId });
    throw new MicrosoftFailure(fact, { refreshToken: rotatedRefreshToken(payload) });
  }
}
