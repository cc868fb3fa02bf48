import { randomUUID } from 'node:crypto';
import type { Deadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import { fromTokenEndpointError, parseTokenResponse } from '@argus/microsoft/entra';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import type { AuthProvider } from '../records/auth-providers.ts';

/** Under these Microsoft finds a token call in its logs. */
export interface TokenCallIds {
  readonly requestId?: string;
  readonly clientRequestId: string;
}

const longestReplyBytes = 1024 * 1024;
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** As RFC 6749, 2.3.1 wants both halves of a Basic credential encoded; the OAuth client of the code flow does the same. */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

/**
 * One client-credentials call (RFC 6749, 4.4) with the authentication that the provider is set to. @fastify/oauth2 knows
 * no such grant. The token is dropped unread: what counts is that it was given.
 * @param call.resource the API that a token is asked for: `{resource}/.default`, or as it is where the endpoints are v1
 * @throws MicrosoftFailure of stage `token`
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function tryClientCredentials(
  egress: Pick<GuardedFetch, 'fetch'>,
  provider: Pick<AuthProvider, 'consumerKey' | 'tokenEndpointUrl' | 'resource' | 'clientAuthentication'> & {
    readonly consumerSecret: string;
  },
  call: { readonly resource: string; readonly deadline: Deadline; readonly connectTimeoutMs: number },
): Promise<TokenCallIds> {
  const { consumerKey, consumerSecret, clientAuthentication } = provider;
  const { resource, ...limits } = call;
  const clientRequestId = randomUUID();
  const form = {
    grant_type: 'client_credentials',
    ...(provider.resource === null ? { scope: `${resource}/.default` } : { resource }),
    ...(clientAuthentication === 'body' ? { client_id: consumerKey, client_secret: consumerSecret } : {}),
  };
  const basic = Buffer.from(`${formEncoded(consumerKey)}:${formEncoded(consumerSecret)}`).toString('base64');
  const response = await egress
    .fetch({
      ...limits,
      method: 'POST',
      url: provider.tokenEndpointUrl,
      body: new URLSearchParams(form).toString(),
      maxBytes: longestReplyBytes,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'client-request-id': clientRequestId,
        ...(clientAuthentication === 'header' ? { authorization: `Basic ${basic}` } : {}),
      },
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof EgressFailure)) throw cause;
      const { fact } = fromEgressFact('token', cause.fact, cause);
      throw new MicrosoftFailure({ ...fact, clientRequestId }, { cause });
    });
  const { status, headers, body } = response;
  const refused = { status, payload: body, headers, clientRequestId };
  if (status < 200 || status >= 300) throw fromTokenEndpointError(refused);
  const requestId = headers['x-ms-request-id'];
  try {
    parseTokenResponse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    // Without the cause: the parser's words may quote the reply.
    throw fromTokenEndpointError(refused);
  }
  return { clientRequestId, ...(requestId !== undefined && guid.test(requestId) ? { requestId } : {}) };
}
