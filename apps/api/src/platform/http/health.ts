import type { FastifyInstance } from 'fastify';

/** `/healthz`: the process answers. `/readyz`: its database answers too. Neither needs a session. */
export async function health(app: FastifyInstance, options: { ready: () => Promise<boolean> }): Promise<void> {
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = await options.ready();
    reply.header('cache-control', 'no-store').code(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'database_unavailable' };
  });
}
