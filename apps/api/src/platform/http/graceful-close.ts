import { setTimeout as sleep } from 'node:timers/promises';
import fp from 'fastify-plugin';
import { AppError } from '../problems/app-error.ts';

/** How long requests in flight may take to finish. Milliseconds; whoever stops Argus waits ten seconds. */
const graceMs = 7_000;
const pollMs = 20;

/**
 * Lets requests in flight finish, then ends every connection: those that were busy would otherwise go back to
 * keep-alive, and those that a browser opened ahead of need, which have sent nothing yet, would hold the close until
 * their headers are overdue. A request that comes meanwhile on a busy connection is told to come back.
 */
export const gracefulClose = fp(async (app) => {
  let closing = false;
  let inFlight = 0;
  app.addHook('onRequest', async (_request, reply) => {
    inFlight += 1;
    // Comes for aborted requests too.
    reply.raw.once('close', () => {
      inFlight -= 1;
    });
  });
  // Not earlier: by now it is known in which language to answer.
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
