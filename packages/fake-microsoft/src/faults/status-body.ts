import { present } from '@argus/fields/present';
import { EntraError, entraErrorBody, newErrorIds } from '../entra/entra-error.ts';
import { graphErrorBody } from '../graph/graph-error.ts';
import type { World } from '../world.ts';
import type { FaultBody } from './fault.ts';

export interface WireBody {
  contentType: string | null;
  content: string;
}

/** The body of a status fault, in the ordered form. */
export function statusBody(world: World, status: number, body: FaultBody, clientRequestId: unknown): WireBody {
  if (body === 'empty') return { contentType: null, content: '' };
  if (body === 'html') return { contentType: 'text/html; charset=utf-8', content: webServerPage(status) };
  if (body === 'entra') return entraBody(world, usualEntraError(status), clientRequestId);
  if (body === 'graph') return graphBody(world, usualGraphError(status), clientRequestId);
  if ('json' in body)
    return { contentType: 'application/json; charset=utf-8', content: JSON.stringify(body.json) ?? '' };
  if ('text' in body) return { contentType: body.contentType ?? 'text/plain; charset=utf-8', content: body.text };
  if ('code' in body) return graphBody(world, body, clientRequestId);
  const error = new EntraError(
    body.error,
    body.error_codes ?? [],
    body.error_description ?? 'An error ordered by a test.',
    {
      ...present({ suberror: body.suberror, claims: body.claims }),
    },
  );
  return entraBody(world, error, clientRequestId);
}

/** The page that a web server or gateway sends instead of an answer. */
export function webServerPage(status: number): string {
  const reason = reasons[status] ?? 'Error';
  return `<!DOCTYPE html>\r\n<html><head><title>${status} ${reason}</title></head><body><h1>${status} ${reason}</h1></body></html>\r\n`;
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function entraBody(world: World, error: EntraError, clientRequestId: unknown): WireBody {
  return {
    contentType: 'application/json; charset=utf-8',
    content: JSON.stringify(entraErrorBody(error, newErrorIds(world, clientRequestId))),
  };
}

function graphBody(
  world: World,
  error: { code: string; message?: string; innerError?: Record<string, unknown> },
  clientRequestId: unknown,
): WireBody {
  return {
    contentType: 'application/json',
    content: JSON.stringify(graphErrorBody(world, error, typeof clientRequestId === 'string' ? clientRequestId : null)),
  };
}

function usualEntraError(status: number): EntraError {
  if (status === 401) return new EntraError('invalid_client', 7000215, 'Invalid client secret provided.');
  if (status === 429)
    return new EntraError('temporarily_unavailable', 90055, 'The tenant is throttled. Please try again later.');
  if (status === 503 || status === 504) {
    return new EntraError('temporarily_unavailable', 90033, 'A transient error has occurred. Please try again.');
  }
  if (status >= 500)
    return new EntraError(
      'server_error',
      90036,
      'An unexpected, non-retryable error stemming from the directory has occurred.',
    );
  return new EntraError('invalid_request', 90013, 'Invalid input received from the user.');
}

function usualGraphError(status: number): { code: string; message: string } {
  return usualGraphErrors[status] ?? { code: 'UnknownError', message: '' };
}

const usualGraphErrors: Record<number, { code: string; message: string }> = {
  400: { code: 'BadRequest', message: 'The request is malformed or incorrect.' },
  401: { code: 'InvalidAuthenticationToken', message: 'Access token has expired or is not yet valid.' },
  403: { code: 'ErrorAccessDenied', message: 'Access is denied. Check credentials and try again.' },
  404: { code: 'ErrorItemNotFound', message: 'The specified object was not found in the store.' },
  405: { code: 'Request_BadRequest', message: 'Specified HTTP method is not allowed for the request target.' },
  410: { code: 'syncStateNotFound', message: 'The sync state generation is not found.' },
  429: { code: 'ApplicationThrottled', message: 'Application is over its MailboxConcurrency limit.' },
  500: { code: 'InternalServerError', message: 'An internal server error occurred.' },
  501: { code: 'NotImplemented', message: 'This operation target is not yet supported.' },
  503: { code: 'serviceNotAvailable', message: 'The service is temporarily unavailable. Please retry again later.' },
  504: { code: 'GatewayTimeout', message: 'The gateway did not receive a response in time.' },
};
