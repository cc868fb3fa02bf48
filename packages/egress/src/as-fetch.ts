import type { Deadline } from './deadline.ts';
import { EgressFailure } from './egress-failure.ts';
import type { GuardedFetch, GuardedRequest } from './guarded-fetch.ts';

/** What bounds a call, beyond what the standard fetch can say. */
export type FetchLimits = Pick<GuardedRequest, 'connectTimeoutMs' | 'maxBytes' | 'allowedOrigin'> & {
  readonly deadline: Deadline;
};

/** The part of the standard fetch that libraries use. */
export type PlainFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams | string | Uint8Array | null | undefined;
  },
) => Promise<Response>;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** The Response constructor takes a body with none of these (Fetch, 2.2.3). */
const withoutBody = new Set([204, 205]);

/**
 * The guarded fetch with the face of the standard one, so that a library plugs in. The user agent stays that of Argus.
 * @throws EgressFailure where fetch would throw a TypeError, and for a redirect
 * @see https://fetch.spec.whatwg.org/#fetch-method
 */
export function asFetch(egress: Pick<GuardedFetch, 'fetch'>, limits: FetchLimits): PlainFetch {
  return async (url, init) => {
    const method = methods.find((each) => each === init.method.toUpperCase());
    if (method === undefined) throw new TypeError(`The guarded fetch has no ${init.method}`);
    const { 'user-agent': _, ...headers } = init.headers;
    const body = init.body instanceof URLSearchParams ? init.body.toString() : init.body;
    const reply = await egress.fetch({ ...limits, url, method, headers, ...(body == null ? {} : { body }) });
    const { status } = reply;
    // Response knows no other; a peer that sends one does not speak HTTP as anybody reads it.
    if (status < 200 || status > 599) throw new EgressFailure({ kind: 'protocol', origin: new URL(reply.url).origin });
    const content = withoutBody.has(status) ? null : new Uint8Array(reply.body);
    return new Response(content, { status, headers: reply.headers });
  };
}
