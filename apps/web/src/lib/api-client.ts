import type { BodyOf, EndpointKey, ParamsOf, QueryOf, ReplyOf } from '@argus/contract/endpoint-map';
import type { Language } from '@argus/contract/language';
import type { Problem } from '@argus/contract/problem';

/** The API answered with a problem (RFC 9457). Told apart by `problem.code`, never by its prose. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** When the reply came, by this browser's clock; waits count from here. Milliseconds since the epoch. */
  readonly receivedAt: number;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'ProblemError';
    this.problem = problem;
    this.receivedAt = Date.now();
  }
}

/** No answer of Argus arrived: the browser is offline, the connection failed, or something between us answered instead. */
export class UnreachableError extends Error {
  readonly reason: 'offline' | 'no_answer' | 'foreign_answer';
  readonly receivedAt: number;

  constructor(reason: UnreachableError['reason'], cause?: unknown) {
    super(reason, { cause });
    this.name = 'UnreachableError';
    this.reason = reason;
    this.receivedAt = Date.now();
  }
}

type Loose<T> = { [P in keyof T]: T[P] | undefined };
type Option<Name extends string, T> = [T] extends [undefined]
  ? Partial<Record<Name, undefined>>
  : Record<never, unknown> extends T
    ? { [P in Name]?: T }
    : { [P in Name]: T };
type RequestOptions<K extends EndpointKey> = Option<'params', ParamsOf<K>> &
  Option<'query', QueryOf<K> extends undefined ? undefined : Loose<QueryOf<K>>> &
  Option<'body', BodyOf<K>> & { signal?: AbortSignal };
type OptionsArgument<K extends EndpointKey> =
  Record<never, unknown> extends RequestOptions<K> ? [options?: RequestOptions<K>] : [options: RequestOptions<K>];

/** Longer than the longest time an administrator can grant one request (120 s), so that the server is the one to give up. */
const deadlineMs = 150_000;

let csrfToken: string | undefined;
let language: Language = 'ja';

/** Sets the language in which the API is asked to word its replies. */
export function setRequestLanguage(next: Language): void {
  language = next;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isProblem(value: unknown): value is Problem {
  return isRecord(value) && typeof value.code === 'string' && Array.isArray(value.lines) && isRecord(value.retry);
}

function addressOf(path: string, options: { params?: unknown; query?: unknown }): string {
  const params = isRecord(options.params) ? options.params : {};
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(isRecord(options.query) ? options.query : {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}

async function readReply(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const mediaType = response.headers.get('content-type') ?? '';
  if (!/^application\/(problem\+)?json\b/.test(mediaType)) throw new UnreachableError('foreign_answer');
  const reply: unknown = await response.json().catch((cause: unknown) => {
    throw new UnreachableError('foreign_answer', cause);
  });
  if (response.ok) return reply;
  throw isProblem(reply) ? new ProblemError(reply) : new UnreachableError('foreign_answer');
}

async function send(method: string, address: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json, application/problem+json', 'accept-language': language });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET' && csrfToken !== undefined) headers.set('x-csrf-token', csrfToken);
  const deadline = AbortSignal.timeout(deadlineMs);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new UnreachableError(navigator.onLine ? 'no_answer' : 'offline', cause);
  }
  const reply = await readReply(response);
  // Every reply that describes the session carries the token that goes with it.
  if (isRecord(reply) && typeof reply.csrfToken === 'string') csrfToken = reply.csrfToken;
  return reply;
}

/**
 * Calls one endpoint of the contract.
 * @param key "METHOD /path" of the endpoint map; `:name` in the path is filled from `params`.
 * @throws ProblemError for a problem reply, UnreachableError where no answer of Argus came, AbortError when `signal` aborts.
 */
export async function request<K extends EndpointKey>(key: K, ...[options]: OptionsArgument<K>): Promise<ReplyOf<K>> {
  const { signal, body, ...parts } = (options ?? {}) as {
    signal?: AbortSignal;
    body?: unknown;
    params?: unknown;
    query?: unknown;
  };
  const [method = 'GET', path = ''] = key.split(' ');
  const address = addressOf(path, parts);
  if (method !== 'GET' && csrfToken === undefined) await send('GET', '/api/session', undefined, signal);
  try {
    return (await send(method, address, body, signal)) as ReplyOf<K>;
  } catch (error) {
    const stale = error instanceof ProblemError && error.problem.code === 'csrf_token_invalid';
    if (!stale || method === 'GET') throw error;
    // Another tab signed in anew: its session has another token. Once, or a broken cookie would loop.
    await send('GET', '/api/session', undefined, signal);
    return (await send(method, address, body, signal)) as ReplyOf<K>;
  }
}
