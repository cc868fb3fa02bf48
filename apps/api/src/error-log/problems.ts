import { catalogueEntry, type ErrorCode } from '@argus/contract/error-catalogue';
import { fromAcceptLanguage } from '@argus/contract/language';
import type { Problem } from '@argus/contract/problem';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { DatabaseUnavailable } from '../platform/database/database-unavailable.ts';
import { AppError, type FieldError } from '../platform/problems/app-error.ts';
import { newErrorId } from '../platform/problems/error-id.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import { createEventLimit } from './event-limit.ts';
import { createEventKeeper } from './keep-error-events.ts';

export interface ReportOptions {
  /** Whom the error concerns, where that is not the signed-in user. */
  readonly account?: { readonly id: string; readonly username: string } | undefined;
  /** Keep it whatever its code says: what it ended is a matter of its own. */
  readonly always?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Keeps an error in the error log where its code asks for it, and gives the problem that its reader may see. The problem
     * has an error ID only where the log has the error.
     */
    reportProblem(error: AppError, options?: ReportOptions): Promise<Problem>;
  }
}

/** What errors of Fastify and Prisma mean in the catalogue, by their permanent code. */
const byForeignCode: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_EMPTY_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_invalid',
  // Prisma: no transaction could be begun in time, or it took too long.
  P2028: 'database_unavailable',
  FST_CSRF_MISSING_SECRET: 'csrf_token_invalid',
  FST_CSRF_INVALID_TOKEN: 'csrf_token_invalid',
};

const problemType = 'application/problem+json; charset=utf-8';

/** Every error becomes problem details (RFC 9457) here and nowhere else. */
export const problems = fp<Services>(async (app, { db, metrics, now }) => {
  const keepEvent = createEventKeeper(db);
  const limit = createEventLimit();
  app.decorateRequest('reportProblem', async function (this: FastifyRequest, error, options = {}) {
    metrics.error(error.code);
    const occurredAt = now();
    const forAdmin = this.viewer?.role === 'admin';
    const isKept = options.always || catalogueEntry(error.code).logged;
    const errorId = isKept ? await keep(this, error, occurredAt, options.account) : undefined;
    return toProblem({ ...error, errorId, occurredAt }, this.language, forAdmin);
  });

  /** Gives the ID under which the error can be found; undefined where the log could not take it. */
  async function keep(
    request: FastifyRequest,
    error: AppError,
    occurredAt: Date,
    account: ReportOptions['account'],
  ): Promise<string | undefined> {
    const whose = account ?? request.viewer;
    const accountId = whose?.id ?? null;
    const id = newErrorId();
    const { code, params } = error;
    const stage = params.upstream?.stage ?? request.routeOptions.url ?? 'unknown';
    const username = whose?.username ?? null;
    const errorId = await limit.take({ id, accountId, code, occurredAt }, async () => {
      try {
        await keepEvent({ id, code, accountId, username, stage, params, requestId: request.id, occurredAt });
        return true;
      } catch (saveError) {
        request.log.error({ err: saveError, code }, 'the error could not be kept in the error log');
        return false;
      }
    });
    request.log[code === 'internal_error' ? 'error' : 'warn'](
      { code, errorId, ...(code === 'internal_error' ? { err: error.cause } : {}) },
      'error shown',
    );
    return errorId;
  }

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const appError = toAppError(error);
    return sendProblem(request, reply, appError);
  });
  app.setNotFoundHandler(async (request, reply) => sendProblem(request, reply, new AppError('not_found')));

  async function sendProblem(request: FastifyRequest, reply: FastifyReply, error: AppError) {
    const problem = await request.reportProblem(error);
    if (problem.retry.afterSeconds !== undefined) reply.header('retry-after', String(problem.retry.afterSeconds));
    return reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      .type(problemType)
      .serializer((payload: unknown) => JSON.stringify(payload))
      .send(problem);
  }
});

/** The reply to a request whose path no route can be found for: it is malformed, or one of its parameters too long. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'not_found' : 'request_invalid';
  const language = fromAcceptLanguage(request.headers['accept-language']);
  const problem = toProblem({ code, params: {}, occurredAt: new Date() }, language, false);
  reply.code(problem.status).header('cache-control', 'no-store').type(problemType).send(JSON.stringify(problem));
}

/** Any error as one of the catalogue; what nobody foresaw is internal_error, with its cause in the log only. */
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

/** One error per field: a union of values reports each of its members. */
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
