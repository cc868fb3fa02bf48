import { randomUUID } from 'node:crypto';
import { present } from '@argus/fields/present';
import type { World } from '../world.ts';

/** An error of the login host: answered by the token endpoint, carried by a redirect or shown on a page. */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  /** The OAuth `error` value. */
  readonly error: string;
  /** AADSTS numbers, the most specific last. */
  readonly codes: number[];
  readonly suberror: string | undefined;
  readonly claims: string | undefined;

  /** @param message the text without the leading `AADSTSnnn: ` */
  constructor(
    error: string,
    codes: number | number[],
    message: string,
    more: { suberror?: string; claims?: string } = {},
  ) {
    super(message);
    this.error = error;
    this.codes = typeof codes === 'number' ? [codes] : codes;
    this.suberror = more.suberror;
    this.claims = more.claims;
  }
}

export interface ErrorIds {
  traceId: string;
  correlationId: string;
  timestamp: string;
}

/** New ids for one error. Entra repeats the caller's `client-request-id` as the correlation id. */
export function newErrorIds(world: World, clientRequestId: unknown): ErrorIds {
  return {
    traceId: randomUUID(),
    correlationId: typeof clientRequestId === 'string' && clientRequestId !== '' ? clientRequestId : randomUUID(),
    timestamp: entraTime(world.now()),
  };
}

/** `AADSTSnnn: text`, then the ids on their own lines. */
export function describeEntraError(error: EntraError, ids: ErrorIds): string {
  const code = error.codes[0];
  const head = code === undefined ? error.message : `AADSTS${code}: ${error.message}`;
  return `${head}\r\nTrace ID: ${ids.traceId}\r\nCorrelation ID: ${ids.correlationId}\r\nTimestamp: ${ids.timestamp}`;
}

/** The JSON body of the token endpoint's error answer. */
export function entraErrorBody(error: EntraError, ids: ErrorIds): Record<string, unknown> {
  const last = error.codes.at(-1);
  return {
    error: error.error,
    error_description: describeEntraError(error, ids),
    error_codes: error.codes,
    timestamp: ids.timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    ...(last === undefined ? {} : { error_uri: `https://login.microsoftonline.com/error?code=${last}` }),
    ...present({ suberror: error.suberror, claims: error.claims }),
  };
}

/** 401 for invalid_client, 400 for every other OAuth error. */
export function entraStatus(error: EntraError): number {
  return error.error === 'invalid_client' ? 401 : 400;
}

/** `2021-05-16 05:21:44Z` */
export function entraTime(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d{3}Z$/, 'Z');
}

/** A required parameter is missing (AADSTS900144). */
export function missingParameter(name: string): EntraError {
  return new EntraError('invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`);
}
