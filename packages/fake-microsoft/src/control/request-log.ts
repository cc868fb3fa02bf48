import type { FastifyInstance, FastifyRequest } from 'fastify';

/** One recorded call to the fake, for tests. Never contains a secret, a code, a token or a state value. */
export interface RecordedRequest {
  id: number;
  listener: 'login' | 'graph';
  method: string;
  /** Without the query. */
  path: string;
  /** The query's values; secret ones are replaced by `(present)`. */
  query: Record<string, string>;
  /** `grant_type` of a token request. */
  grantType: string | null;
  /** How the client authenticated at the token endpoint. */
  clientAuth: 'body' | 'basic' | 'assertion' | 'none' | null;
  /** UPN, where the call is for a known user. */
  user: string | null;
  /** Selected request headers for tests. */
  headers: Record<string, string>;
  hasAuthorization: boolean;
  /** Null while unanswered, or if the connection ended without an answer. */
  status: number | null;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number | null;
  /** The client or a fault ended the connection before the answer was complete. */
  aborted: boolean;
  /** Id of the fault that was played. */
  fault: string | null;
}

export interface RequestLog {
  start(entry: RecordedRequest): void;
  list(): RecordedRequest[];
  clear(): void;
  nextId(): number;
}

const kept = 5000;
const shownHeaders = ['accept', 'client-request-id', 'content-type', 'origin', 'prefer', 'user-agent'];
const hiddenValues = new Set([
  'state',
  'nonce',
  'code',
  'code_challenge',
  'client_secret',
  'access_token',
  'refresh_token',
  'request',
]);

export function createRequestLog(): RequestLog {
  let entries: RecordedRequest[] = [];
  let last = 0;
  return {
    start(entry) {
      entries.push(entry);
      if (entries.length > kept) entries = entries.slice(-kept);
    },
    list: () => entries.map((entry) => ({ ...entry })),
    clear() {
      entries = [];
    },
    nextId() {
      last += 1;
      return last;
    },
  };
}

export interface RecordingSite {
  listener: 'login' | 'graph';
  /** Paths outside the emulation. */
  ignores(path: string): boolean;
  /** UPN of the user a call is for. Called when the call is over. */
  userOf(request: FastifyRequest): string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    recorded: RecordedRequest | null;
  }
}

/** Records every call of a listener, including those without an answer. */
export function registerRecording(app: FastifyInstance, log: RequestLog, site: RecordingSite, now: () => number): void {
  app.decorateRequest('recorded', null);
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (site.ignores(path)) return;
    const entry: RecordedRequest = {
      id: log.nextId(),
      listener: site.listener,
      method: request.method,
      path,
      query: hideValues(request.query),
      grantType: null,
      clientAuth: null,
      user: null,
      headers: Object.fromEntries(
        shownHeaders.flatMap((name) => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      ),
      hasAuthorization: request.headers.authorization !== undefined,
      status: null,
      startedAt: now(),
      endedAt: null,
      aborted: false,
      fault: null,
    };
    request.recorded = entry;
    log.start(entry);
    reply.raw.once('close', () => {
      entry.endedAt = now();
      entry.status = reply.raw.headersSent ? reply.raw.statusCode : null;
      entry.aborted = !reply.raw.writableEnded;
      entry.fault = request.fault?.id ?? null;
    });
  });
  app.addHook('preHandler', async (request) => {
    const entry = request.recorded;
    if (entry === null) return;
    entry.user = site.userOf(request);
    if (request.method !== 'POST' || typeof request.body !== 'object' || request.body === null) return;
    const form = request.body as Record<string, unknown>;
    if (typeof form.grant_type !== 'string') return;
    entry.grantType = form.grant_type;
    entry.clientAuth = clientAuthOf(form, request.headers.authorization);
  });
}

function clientAuthOf(form: Record<string, unknown>, authorization: string | undefined): RecordedRequest['clientAuth'] {
  if (form.client_assertion !== undefined) return 'assertion';
  if (form.client_secret !== undefined) return 'body';
  return authorization?.toLowerCase().startsWith('basic ') ? 'basic' : 'none';
}

function hideValues(query: unknown): Record<string, string> {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key,
      hiddenValues.has(key.toLowerCase()) ? '(present)' : String(value),
    ]),
  );
}
