import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../database/open-database.ts';

/**
 * `/healthz`: the process answers. `/readyz`: its database answers and takes writes, too; `reason` says why not.
 * Neither needs a session.
 */
export async function health(
  app: FastifyInstance,
  options: { readonly readiness: () => Promise<Readiness> },
): Promise<void> {
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const readiness = await options.readiness();
    reply.header('cache-control', 'no-store').code(readiness === 'ok' ? 200 : 503);
    if (readiness === 'ok' || readiness === 'stopping') return { status: readiness };
    return { status: 'database_unavailable', reason: readiness };
  });
}
