import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Problem } from '@argus/contract/errors/problem';
import { fromAcceptLanguage } from '@argus/contract/language';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createUnavailableTeller } from '../platform/database/tell-unavailable.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { newErrorId } from '../platform/problems/error-id.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import { toAppError } from '../platform/problems/to-app-error.ts';
import type { Services } from '../platform/services.ts';
import { createEventLimit } from './event-limit.ts';
import { createEventKeeper } from './keep-error-events.ts';

export interface ReportOptions {
  /** Whom the error affects, if not the signed-in user. */
  readonly account?: { readonly id: string; readonly username: string } | undefined;
  /** Logs the error even if its code is not logged, as for every failed authorization. */
  readonly always?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Stores an error in the error log if its code is logged, and returns the problem that the reader may see. The
     * problem has an error ID only if the error is in the log.
     */
    reportProblem(error: AppError, options?: ReportOptions): Promise<Problem>;
  }
}

const problemType = 'application/problem+json; charset=utf-8';

/** The only place that turns errors into problem details (RFC 9457). */
export const problems = fp<Services>(async (app, { db, metrics, now }) => {
  const keepEvent = createEventKeeper(db);
  const limit = createEventLimit();
  const tellUnavailable = createUnavailableTeller(app.log, metrics);
  app.decorateRequest('reportProblem', async function (this: FastifyRequest, error, options = {}) {
    metrics.error(error.code);
    this.problemCode = error.code;
    tellUnavailable(error.cause);
    const occurredAt = now();
    const forAdmin = this.viewer?.role === 'admin';
    const isKept = options.always || catalogueEntry(error.code).logged;
    const errorId = isKept ? await keep(this, error, occurredAt, options.account) : undefined;
    const affected = options.account ?? this.viewer;
    return toProblem({ ...error, errorId, occurredAt, affected }, this.language, forAdmin);
  });

  /** Returns the ID under which the error can be found; undefined where the log could not store it. */
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
        request.log.error({ err: saveError, code }, 'cannot store an error in the error log');
        return false;
      }
    });
    const { unforeseen } = catalogueEntry(code);
    request.log[unforeseen ? 'error' : 'warn'](
      { code, errorId, ...(unforeseen ? { err: error.cause } : {}) },
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

/** The reply to a request that cannot be routed: its path is malformed, or one of its parameters too long. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'not_found' : 'request_invalid';
  const language = fromAcceptLanguage(request.headers['accept-language']);
  const problem = toProblem({ code, params: {}, occurredAt: new Date() }, language, false);
  reply.code(problem.status).header('cache-control', 'no-store').type(problemType).send(JSON.stringify(problem));
}
