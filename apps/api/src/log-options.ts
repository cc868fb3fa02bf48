import type { Config } from './config.ts';

/** How the log is written: JSON lines. The query of a callback holds a code and a state, so only paths are logged. */
export function logOptions({ log }: Pick<Config, 'log'>) {
  return {
    level: log.level,
    serializers: {
      req: (request: { id: string; method: string; url?: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url?.split('?', 1)[0],
      }),
    },
  };
}
