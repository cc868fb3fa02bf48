import type { FastifyReply } from 'fastify';
import type { Config } from './config.ts';

/**
 * How the log is written: JSON lines. The query of a callback holds a code and a state, so only paths are logged. The line
 * at the end of a request says from where it came, who was signed in, and which account somebody tried to enter in vain.
 * What was typed as a username is never logged: people type passwords there.
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
