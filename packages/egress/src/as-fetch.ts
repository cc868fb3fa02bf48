import type { Deadline } from './deadline.ts';
import { EgressFailure } from './egress-failure.ts';
import type { GuardedFetch, GuardedRequest } from './guarded-fetch.ts';

/** Limits of a call that the standard fetch cannot express. */
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
/** The Response constructor accepts no body for these statuses (Fetch, 2.2.3). */
const withoutBody = new Set([204, 205]);

/**
 * The guarded fetch with the interface of the standard one, for libraries. The user agent stays Argus's.
 * @throws EgressFailure where fetch would throw a TypeError, and for a redirect @see
 * https://fetch.spec.whatwg.org/#fetch-method
 */
export function asFetch(egress: Pick<GuardedFetch, 'fetch'>, limits: FetchLimits): PlainFetch {
  return async (url, init) => {
    const method = methods.find((each) => each === init.method.toUpperCase());
    if (method === undefined) throw new TypeError(`The guarded fetch has no ${init.method}`);
    const { 'user-agent': _, ...headers } = init.headers;
    const body = init.body instanceof URLSearchParams ? init.body.toString() : init.body;
    const reply = await egress.fetch({ ...limits, url, method, headers, ...(body == null ? {} : { body }) });
    const { status } = reply;
    // Response accepts no other status, and a peer that sends one does not speak HTTP.
    if (status < 200 || status > 599) throw new EgressFailure({ kind: 'protocol', origin: new URL(reply.url).origin });
    const content = withoutBody.has(status) ? null : new Uint8Array(reply.body);
    return new Response(content, { status, headers: reply.headers });
  };
}
