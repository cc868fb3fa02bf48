import type { BodyOf, EndpointKey, EndpointMap, ParamsOf, QueryOf, ReplyOf } from '@argus/contract/endpoint-map';
import type { SessionView } from '@argus/contract/endpoints/accounts';
import type { Problem } from '@argus/contract/errors/problem';
import type { Language } from '@argus/contract/language';
import { deadlineMs, headersOf, manner } from './argus-request.ts';
import { askForPassword } from './ask-for-password.ts';
import { takeBegun } from './begun-requests.ts';
import { checkSession } from './session-check.ts';
import { betweenRenewals, renewingSession } from './session-turns.ts';

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
  Option<'body', SentBody<K>> & {
    signal?: AbortSignal;
    /** What is sent says itself who acts, as signing in does. Anything else is for whoever the page is for. */
    byWhoever?: true;
  };
type OptionsArgument<K extends EndpointKey> =
  Record<never, unknown> extends RequestOptions<K> ? [options?: RequestOptions<K>] : [options: RequestOptions<K>];

/** The session of the page: whom it is for, and the token that shows that a request is meant by them. */
let held: { readonly userId: string | null; readonly csrfToken: string } | undefined;
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
  const { body, accept, deadline, signal } = options;
  const headers = headersOf(language, accept);
  const bytes = body instanceof ArrayBuffer;
  if (body !== undefined) headers.set('content-type', bytes ? 'application/octet-stream' : 'application/json');
  if (method !== 'GET' && held !== undefined) headers.set('x-csrf-token', held.csrfToken);
  try {
    const begun = method === 'GET' && accept === undefined ? takeBegun(address, language) : undefined;
    if (begun) return await begun;
    return await fetch(address, {
      ...manner,
      method,
      headers,
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
  return readReply(await exchange(method, address, { body, deadline, signal }));
}

/**
 * Makes a session that a reply describes the one of the page. Where it names nobody, the page still waits for its user; a
 * proof of the password only brings another token.
 */
function hold(reply: unknown): void {
  if (!isRecord(reply) || typeof reply.csrfToken !== 'string') return;
  const { user, csrfToken } = reply;
  held = { userId: isRecord(user) && typeof user.id === 'string' ? user.id : (held?.userId ?? null), csrfToken };
}

/** Who is signed in, without making it the session of the page, which may be for somebody else. */
export async function readSession(signal?: AbortSignal): Promise<SessionView> {
  return betweenRenewals(async () => (await send('GET', '/api/session', undefined, signal)) as SessionView);
}

/** These end the browser's session, and their reply brings another. */
const renewals = new Set<string>([
  'POST /api/session',
  'POST /api/session/reauthentication',
  'PUT /api/session/password',
  'POST /api/invitation/accept',
  'POST /api/first-admin',
] satisfies EndpointKey[]);

function isRefusedAs(code: string, error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problem.code === code;
}

interface Turn {
  readonly method: string;
  readonly signal: AbortSignal | undefined;
  readonly byWhoever?: true | undefined;
}

/**
 * Runs a call for the user whom the page is for: again after a refusal that no longer holds, and never in the session of
 * somebody else who has signed in meanwhile.
 */
async function forUserOfPage<T>({ method, signal, byWhoever }: Turn, call: () => Promise<T>): Promise<T> {
  if (method !== 'GET' && held === undefined) hold(await readSession(signal));
  const userId = byWhoever ? null : (held?.userId ?? null);
  const isAnother = (other: string | null | undefined) => userId !== null && other != null && other !== userId;
  const inSession = () => (method === 'GET' ? underPresentId(signal, call) : withCsrfToken(signal, isAnother, call));
  try {
    return await inSession();
  } catch (error) {
    // Where a change is refused, its user decides whether to send it again; the page only learns how the session stands.
    if (method !== 'GET' && isRefusedAs('session_missing', error)) await checkSession().catch(() => false);
    // Without the proof the refusal stands. Who signs in while it is asked for has not meant this.
    if (!isRefusedAs('reauthentication_needed', error) || !(await askForPassword())) throw error;
    if (isAnother(held?.userId)) throw error;
    return inSession();
  }
}

/** Runs a call with the session's CSRF token, and once more if the session has changed since, for the same user. */
async function withCsrfToken<T>(
  signal: AbortSignal | undefined,
  isAnother: (userId: string | undefined) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isRefusedAs('csrf_token_invalid', error)) throw error;
    // Another tab signed in again, and its session has another token. Only one retry, or a broken cookie would loop.
    const now = await readSession(signal);
    if (isAnother(now.user?.id)) {
      // The page is still for the former user, and so is its token: whatever else it sends is refused as well.
      void checkSession().catch(() => undefined);
      throw error;
    }
    hold(now);
    return call();
  }
}

/**
 * Runs a call that only reads, and once more if Argus does not know its session while its user is still signed in. A proof
 * of the password, in any tab, gives the session another id; whatever is under way with the former one is refused.
 */
async function underPresentId<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isRefusedAs('session_missing', error) || !(await checkSession()) || signal?.aborted) throw error;
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
  const { signal, byWhoever, body, ...parts } = (options ?? {}) as Omit<Turn, 'method'> & {
    body?: unknown;
    params?: unknown;
    query?: unknown;
  };
  const [method = 'GET', path = ''] = key.split(' ');
  const address = addressOf(path, parts);
  const call = async () => {
    const reply = await send(method, address, body, signal);
    hold(reply);
    return reply as ReplyOf<K>;
  };
  const inTurn = key === 'GET /api/session' ? betweenRenewals : renewals.has(key) ? renewingSession : null;
  return forUserOfPage({ method, signal, byWhoever }, inTurn ? () => inTurn(call) : call);
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
  return forUserOfPage({ method, signal }, call);
}
