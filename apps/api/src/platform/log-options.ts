import type { FastifyReply } from 'fastify';
import type { Config } from './config.ts';
import { version } from './version.ts';

/**
 * The log format: JSON lines, with the level by its name and the time in ISO 8601. Only paths are logged, as the query
 * of a callback holds a code and a state. The line at the end of a request has its route, its address, who was signed
 * in, the account in a failed sign-in, and the code of the problem in the reply. The typed username is never logged, as
 * people type passwords there.
 */
export function logOptions({ log }: Pick<Config, 'log'>) {
  return {
    level: log.level,
    // With pino's own pid and hostname, which tell the instances apart.
    mixin: () => ({ version }),
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: {
      req: (request: { id: string; method: string; url?: string }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request.url),
      }),
      res: ({ statusCode, request }: Pick<FastifyReply, 'statusCode'> & Partial<Pick<FastifyReply, 'request'>>) => ({
        statusCode,
        method: request?.method,
        path: pathOf(request?.url),
        route: request?.routeOptions?.url,
        address: request?.ip,
        accountId: request?.viewer?.id,
        attemptedAccountId: request?.attemptedAccountId ?? undefined,
        code: request?.problemCode ?? undefined,
      }),
    },
  };
}

function pathOf(url: string | undefined): string | undefined {
  return url?.split('?', 1)[0];
}
