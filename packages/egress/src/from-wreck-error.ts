import type { Deadline } from './deadline.ts';
import type { EgressFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';

export type WreckOutcome =
  /** The peer replied in full. `payload` is what Wreck made of the body: parsed JSON, a Buffer, or undefined. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly payload: unknown;
    }
  | { readonly kind: 'egress'; readonly fact: EgressFact };

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textHeaders(headers: unknown): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(record(headers))) {
    if (typeof value === 'string') flat[name.toLowerCase()] = value;
  }
  return flat;
}

/** Wreck's record of the requests it made, which it attaches when a redirect exceeds `redirects`. */
function isRedirectTrace(data: unknown): boolean {
  return Array.isArray(data) && data.length > 0 && data.every((step) => typeof record(step).url === 'string');
}

/**
 * Boom statuses that Wreck gives its own failures while it reads a body. Its cap on bytes is not among them: it cuts the
 * connection, which Wreck then reports like one that the peer closed.
 */
const readFailures: Readonly<Record<number, EgressFact['kind']>> = { 408: 'timeout', 500: 'truncated' };

function judge(boom: Readonly<Record<string, unknown>>, origin: string, deadline: Deadline | undefined): WreckOutcome {
  const status = record(boom.output).statusCode;
  const data = record(boom.data);
  const response = record(data.res);
  const replied = response.statusCode;
  const failure = (kind: EgressFact['kind']): WreckOutcome => ({ kind: 'egress', fact: { kind, origin } });

  if (typeof status !== 'number') return { kind: 'egress', fact: fromNodeError(boom, origin, deadline) };
  if (isRedirectTrace(boom.data)) return failure('redirect');
  if (typeof replied === 'number') {
    const headers = textHeaders(response.headers);
    const readFailure = data.isResponseError === true ? undefined : readFailures[status];
    if (readFailure === undefined) return { kind: 'reply', status: replied, headers, payload: data.payload };
    return failure(deadline?.expired ? 'timeout' : readFailure);
  }
  if (status === 504) return failure('timeout');
  return { kind: 'egress', fact: fromNodeError(boom, origin, deadline) };
}

const judged = new WeakMap<object, WreckOutcome>();

/**
 * Reads an error of @hapi/wreck 18 (as simple-oauth2 throws it) by its structure: Boom's `output.statusCode` and
 * `data`, never its message. A reply that is not JSON is a reply, so that an HTML 503 keeps its status.
 *
 * Boom's `data` holds the request with its secret and the reply with its tokens. Reading takes it out of the error, so
 * that the error can be kept as a cause and be logged; a second reading gives the first one's outcome.
 */
export function fromWreckError(error: unknown, origin: string, deadline?: Deadline): WreckOutcome {
  if (typeof error !== 'object' || error === null) {
    return { kind: 'egress', fact: fromNodeError(error, origin, deadline) };
  }
  const outcome = judged.get(error) ?? judge(record(error), origin, deadline);
  judged.set(error, outcome);
  if ('data' in error) error.data = undefined;
  return outcome;
}
