import type { FastifyReply } from 'fastify';
import type { Config } from './config.ts';

/**
 * The log format: JSON lines. Only paths are logged, as the query of a callback holds a code and a state. The line at
 * the end of a request has its address, who was signed in, and the account in a failed sign-in. The typed username is
 * never logged, as people type passwords there.
 */
export function logOptions({ log }: Pick<Config, 'log'>) {
  return {
    level: log.level,
    serializers: {
      req: (request: { id: string; method: string; url?: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url?.split('?', 1)[0],
      }),
      res: (reply: Pick<FastifyReply, 'statusCode'> & Partial<Pick<FastifyReply, 'request'>>) => ({
        statusCode: reply.statusCode,
        address: reply.request?.ip,
        accountId: reply.request?.viewer?.id,
        attemptedAccountId: reply.request?.attemptedAccountId ?? undefined,
      }),
    },
  };
}
