import type { BodyOf, EndpointKey, EndpointMap, ParamsOf, QueryOf, ReplyOf } from '@argus/contract/endpoint-map';
import type { Problem } from '@argus/contract/errors/problem';
import type { Language } from '@argus/contract/language';
import { askForPassword } from './ask-for-password.ts';

/** The API answered with a problem (RFC 9457). Identified by `problem.code`, never by its prose. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** When the reply arrived, by this browser's clock; waits count from here. Milliseconds since the epoch. */
  readonly receivedAt: number;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'ProblemError';
    this.problem = problem;
    this.receivedAt = Date.now();
  }
}

/**
 * No answer from Argus arrived: the browser is offline, the connection failed, or something in between answered
 * instead.
 */
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
/** An endpoint that consumes bytes has no schema for them. */
type SentBody<K extends EndpointKey> = EndpointMap[K] extends { consumes: string } ? ArrayBuffer : BodyOf<K>;
type RequestOptions<K extends EndpointKey> = Option<'params', ParamsOf<K>> &
  Option<'query', QueryOf<K> extends undefined ? undefined : Loose<QueryOf<K>>> &
  Option<'body', SentBody<K>> & { signal?: AbortSignal };
type OptionsArgument<K extends EndpointKey> =
  Record<never, unknown> extends RequestOptions<K> ? [options?: RequestOptions<K>] : [options: RequestOptions<K>];

/** Longer than the maximum that an administrator can allow one request (120 s), so that the server times out first. */
const deadlineMs = 150_000;

let csrfToken: string | undefined;
let language: Language = 'ja';

/** Sets the language of the API's replies. */
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

interface Exchange {
  readonly body?: unknown;
  readonly accept?: string;
  /** Aborts it as too late. */
  readonly deadline: AbortSignal;
  /** Aborts it as no longer wanted. */
  readonly signal: AbortSignal | undefined;
}

/** Resolves once the headers have arrived. */
async function exchange(method: string, address: string, options: Exchange): Promise<Response> {
  const { body, accept = 'application/json', deadline, signal } = options;
  const headers = new Headers({ accept: `${accept}, application/problem+json`, 'accept-language': language });
  const bytes = body instanceof ArrayBuffer;
  if (body !== undefined) headers.set('content-type', bytes ? 'application/octet-stream' : 'application/json');
  if (method !== 'GET' && csrfToken !== undefined) headers.set('x-csrf-token', csrfToken);
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    });
  } catch (cause) {
    throw unreachable(cause, signal);
  }
}

/** The error for an interrupted transfer; the caller's own abort stays an abort. */
export function unreachable(cause: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? cause : new UnreachableError(navigator.onLine ? 'no_answer' : 'offline', cause);
}

async function send(method: string, address: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const reply = await readReply(await exchange(method, address, { body, deadline, signal }));
  // Every reply that describes the session contains its token.
  if (isRecord(reply) && typeof reply.csrfToken === 'string') csrfToken = reply.csrfToken;
  return reply;
}

/** Runs a call with the session's CSRF token, and once more if the session has changed since. */
async function withCsrfToken<T>(method: string, signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  if (method === 'GET') return call();
  const readSession = () => send('GET', '/api/session', undefined, signal);
  if (csrfToken === undefined) await readSession();
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ProblemError && error.problem.code === 'csrf_token_invalid')) throw error;
    // Another tab signed in again, and its session has another token. Only one retry, or a broken cookie would loop.
    await readSession();
    return call();
  }
}

/** Runs a call, and once more after a password proof if the API requires one. Without the proof the refusal stands. */
async function withProvedPassword<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const isAsked = error instanceof ProblemError && error.problem.code === 'reauthentication_needed';
    if (!isAsked || !(await askForPassword())) throw error;
    return call();
  }
}

/**
 * Calls one endpoint of the contract.
 * @param key "METHOD /path" of the endpoint map; `:name` in the path is filled from `params`.
 * @throws ProblemError for a problem reply, UnreachableError if no answer from Argus came, AbortError when `signal`
 * aborts.
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
  const call = async () => (await send(method, address, body, signal)) as ReplyOf<K>;
  return withProvedPassword(() => withCsrfToken(method, signal, call));
}

/**
 * Calls an endpoint that answers with a file. The deadline ends when the file starts; the caller reads its body.
 * @param mediaType the required type, such as "text/csv"
 * @throws as `request` does
 */
export async function requestFile(
  address: string,
  mediaType: string,
  options: { method?: 'GET' | 'POST' | undefined; body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  const call = async () => {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    try {
      const parts = { body, accept: mediaType, deadline: deadline.signal, signal };
      const response = await exchange(method, address, parts);
      if (!response.ok) await readReply(response);
      // A captive portal answers 200 with its own page, which must not be saved as the file.
      if (!response.headers.get('content-type')?.startsWith(mediaType)) throw new UnreachableError('foreign_answer');
      return response;
    } finally {
      clearTimeout(timer);
    }
  };
  return withProvedPassword(() => withCsrfToken(method, signal, call));
}
