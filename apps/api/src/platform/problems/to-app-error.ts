import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { FastifyError } from 'fastify';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { UnsealError } from '../vault/seal.ts';
import { AppError, type FieldError } from './app-error.ts';

/** The catalogue codes of Fastify's and Prisma's errors, by their permanent code. */
const byForeignCode: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_EMPTY_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_invalid',
  // Prisma: a transaction could not start in time, or took too long.
  P2028: 'database_unavailable',
  FST_CSRF_MISSING_SECRET: 'csrf_token_invalid',
  FST_CSRF_INVALID_TOKEN: 'csrf_token_invalid',
};

/**
 * Translates any error into one of the catalogue. An unforeseen one becomes internal_error; only the log has its
 * cause.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DatabaseUnavailable) return new AppError('database_unavailable', {}, { cause: error });
  if (error instanceof UnsealError) return new AppError('sealed_value_unreadable', {}, { cause: error });
  const fastifyError = error as Partial<FastifyError>;
  if (Array.isArray(fastifyError.validation)) {
    return new AppError('request_invalid', {}, { cause: error, fields: toFieldErrors(fastifyError.validation) });
  }
  const known = fastifyError.code === undefined ? undefined : byForeignCode[fastifyError.code];
  if (known) return new AppError(known, {}, { cause: error });
  if (fastifyError.statusCode === 429) return new AppError('too_many_requests', {}, { cause: error });
  if (fastifyError.statusCode !== undefined && fastifyError.statusCode >= 400 && fastifyError.statusCode < 500) {
    return new AppError('request_invalid', {}, { cause: error });
  }
  return new AppError('internal_error', {}, { cause: error });
}

/** One error per field: a union type reports one for each of its members. */
function toFieldErrors(faults: NonNullable<FastifyError['validation']>): FieldError[] {
  const byField = new Map(faults.map(toFieldError).map((fault) => [fault.field, fault]));
  return [...byField.values()];
}

function toFieldError(fault: NonNullable<FastifyError['validation']>[number]): FieldError {
  const path = fault.instancePath.split('/').filter((part) => part !== '');
  const params = fault.params as { missingProperty?: string; additionalProperty?: string; limit?: number };
  if (fault.keyword === 'required') {
    return { field: [...path, params.missingProperty ?? ''].join('.'), code: 'required' };
  }
  if (fault.keyword === 'additionalProperties') {
    return { field: [...path, params.additionalProperty ?? ''].join('.'), code: 'unknown_field' };
  }
  if (fault.keyword === 'maxLength' && params.limit !== undefined) {
    return { field: path.join('.'), code: 'too_long', values: { max: params.limit } };
  }
  return { field: path.join('.'), code: 'type_wrong' };
}
