import { randomUUID } from 'node:crypto';
import type { World } from '../world.ts';

/** A Graph error, thrown anywhere below the route, which writes it in the one envelope. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** `{"error":{code,message,innerError:{date,request-id,client-request-id}}}` */
export function graphErrorBody(
  world: World,
  error: { code: string; message?: string; innerError?: Record<string, unknown> },
  clientRequestId: string | null,
  requestId: string = randomUUID(),
): Record<string, unknown> {
  return {
    error: {
      code: error.code,
      message: error.message ?? '',
      innerError: {
        ...error.innerError,
        date: new Date(world.now()).toISOString().replace(/\.\d{3}Z$/, ''),
        'request-id': requestId,
        'client-request-id': clientRequestId ?? requestId,
      },
    },
  };
}

export function segmentNotFound(segment: string): GraphError {
  return new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
}

export function accessDenied(): GraphError {
  return new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
}

export function itemNotFound(): GraphError {
  return new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}
