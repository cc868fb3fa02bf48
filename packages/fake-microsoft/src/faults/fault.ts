/** Which calls a fault affects. `graph` and `login` are everything on that listener (except the control API). */
export const faultTargets = ['login', 'authorize', 'token', 'discovery', 'graph', 'me', 'folder', 'messages'] as const;
export type FaultTarget = (typeof faultTargets)[number];

/**
 * The body of a status fault: the usual body of that status in Entra's or Graph's form, a web server's HTML page,
 * nothing, a custom Entra or Graph error, or any JSON or text verbatim.
 */
export type FaultBody =
  | 'entra'
  | 'graph'
  | 'html'
  | 'empty'
  | { error: string; error_codes?: number[]; suberror?: string; error_description?: string; claims?: string }
  | { code: string; message?: string; innerError?: Record<string, unknown> }
  | { json: unknown }
  | { text: string; contentType?: string };

export type FaultPlay =
  /** Waits, then answers as usual. */
  | { kind: 'delay'; ms: number }
  /** Accepts the request and never answers. */
  | { kind: 'hangBeforeHeaders' }
  /** Sends the headers and half of the usual body, then nothing more. */
  | { kind: 'hangInBody' }
  /** After `ms`, if given. */
  | {
      kind: 'status';
      status: number;
      body?: FaultBody;
      retryAfter?: string;
      headers?: Record<string, string>;
      ms?: number;
    }
  /** Throttling with any `Retry-After`. */
  | { kind: 'retryAfter'; retryAfter: string; status?: number }
  /** Destroys the connection with a TCP reset before answering. */
  | { kind: 'reset' }
  /** Announces more bytes than it sends, then closes. */
  | { kind: 'truncated' }
  /** The usual body, a few bytes at a time. */
  | { kind: 'slowDrip'; bytesPerSecond: number }
  | { kind: 'redirect'; location: string; status?: number }
  /** A syntactically valid JSON answer of that size. */
  | { kind: 'hugeBody'; bytes: number }
  /** A small gzip body that expands to that size (default 256 MiB). */
  | { kind: 'gzipBomb'; bytes?: number }
  /** The usual body, cut into invalid JSON. */
  | { kind: 'malformedJson' }
  /** The usual JSON with every value of another type. */
  | { kind: 'wrongTypes' }
  /** The usual JSON under another label, after these characters (a BOM), with these fields instead; null: without it. */
  | { kind: 'altered'; contentType?: string; before?: string; fields?: Record<string, unknown> }
  /** 200 with an HTML page, like a captive portal or a proxy. */
  | { kind: 'html'; status?: number }
  /** The authorize page immediately redirects the user back with this error. */
  | { kind: 'redirectError'; error: string; errorDescription?: string; errorSubcode?: string; errorCodes?: number[] };

export type FaultOrder = FaultPlay & {
  target: FaultTarget;
  /** How often it is played; by default until it is removed. */
  times?: number;
  /** How many matching calls pass before the first play. */
  skip?: number;
  /** Only for this user (UPN or object id). */
  user?: string;
};

export type Fault = FaultOrder & { id: string };

const kinds: Record<
  FaultPlay['kind'],
  { required: Record<string, 'number' | 'string'>; optional: Record<string, string> }
> = {
  delay: { required: { ms: 'number' }, optional: {} },
  hangBeforeHeaders: { required: {}, optional: {} },
  hangInBody: { required: {}, optional: {} },
  status: {
    required: { status: 'number' },
    optional: { body: 'body', retryAfter: 'string', headers: 'object', ms: 'number' },
  },
  retryAfter: { required: { retryAfter: 'string' }, optional: { status: 'number' } },
  reset: { required: {}, optional: {} },
  truncated: { required: {}, optional: {} },
  slowDrip: { required: { bytesPerSecond: 'number' }, optional: {} },
  redirect: { required: { location: 'string' }, optional: { status: 'number' } },
  hugeBody: { required: { bytes: 'number' }, optional: {} },
  gzipBomb: { required: {}, optional: { bytes: 'number' } },
  malformedJson: { required: {}, optional: {} },
  wrongTypes: { required: {}, optional: {} },
  altered: { required: {}, optional: { contentType: 'string', before: 'string', fields: 'object' } },
  html: { required: {}, optional: { status: 'number' } },
  redirectError: {
    required: { error: 'string' },
    optional: { errorDescription: 'string', errorSubcode: 'string', errorCodes: 'array' },
  },
};

/** An invalid order; `message` says which field and why. */
export class FaultOrderError extends Error {
  override readonly name = 'FaultOrderError';
}

/**
 * Validates an order from outside.
 * @throws FaultOrderError
 */
export function parseFaultOrder(input: unknown): FaultOrder {
  if (typeof input !== 'object' || input === null) throw new FaultOrderError('A fault is a JSON object.');
  const order: Record<string, unknown> = { ...input };
  if (!faultTargets.some((target) => target === order.target)) {
    throw new FaultOrderError(`target must be one of ${faultTargets.join(', ')}.`);
  }
  const shape =
    typeof order.kind === 'string' && order.kind in kinds ? kinds[order.kind as FaultPlay['kind']] : undefined;
  if (shape === undefined) throw new FaultOrderError(`kind must be one of ${Object.keys(kinds).join(', ')}.`);
  for (const [field, type] of Object.entries({ times: 'count', skip: 'count', user: 'string', ...shape.optional })) {
    if (order[field] !== undefined && !hasType(order[field], type))
      throw new FaultOrderError(`${field} must be a ${type}.`);
  }
  for (const [field, type] of Object.entries(shape.required)) {
    if (!hasType(order[field], type)) throw new FaultOrderError(`${field} must be a ${type}.`);
  }
  const allowed = new Set([
    'target',
    'kind',
    'times',
    'skip',
    'user',
    ...Object.keys(shape.required),
    ...Object.keys(shape.optional),
  ]);
  for (const field of Object.keys(order)) {
    if (order[field] === undefined) delete order[field];
    else if (!allowed.has(field))
      throw new FaultOrderError(`${field} is not a field of a ${String(order.kind)} fault.`);
  }
  const status = order.status;
  if (typeof status === 'number' && (!Number.isInteger(status) || status < 200 || status > 599)) {
    throw new FaultOrderError('status must be between 200 and 599.');
  }
  return order as FaultOrder;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value >= 0;
    case 'array':
      return Array.isArray(value);
    case 'body':
      return (
        (typeof value === 'object' && value !== null) || ['entra', 'graph', 'html', 'empty'].includes(String(value))
      );
    case 'object':
      return typeof value === 'object' && value !== null;
    default:
      return typeof value === 'string';
  }
}
