import { setTimeout as sleep } from 'node:timers/promises';
import fp from 'fastify-plugin';
import { AppError } from '../problems/app-error.ts';

/** How long requests in flight may take to finish. Milliseconds; the launcher waits ten seconds. */
const graceMs = 7_000;
const pollMs = 20;

/**
 * Lets requests in flight finish, then closes every connection: busy ones would otherwise return to keep-alive, and
 * unused ones that a browser opened in advance would delay the close until their headers time out. A request that
 * arrives meanwhile on a busy connection is asked to come back.
 */
export const gracefulClose = fp(async (app) => {
  let closing = false;
  let inFlight = 0;
  app.addHook('onRequest', async (_request, reply) => {
    inFlight += 1;
    // Fires for aborted requests too.
    reply.raw.once('close', () => {
      inFlight -= 1;
    });
  });
  // Not earlier, as the language of the answer is only known here.
  app.addHook('preParsing', async () => {
    if (closing) throw new AppError('shutting_down');
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    closing = true;
    app.server.closeIdleConnections();
    const deadline = performance.now() + graceMs;
    while (inFlight > 0 && performance.now() < deadline) await sleep(pollMs);
    app.server.closeAllConnections();
  });
});
