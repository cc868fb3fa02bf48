import fp from 'fastify-plugin';

/**
 * Lets requests in flight finish and idle connections go. A connection that is busy while the server closes would
 * otherwise go back to keep-alive and hold it for as long as the client likes.
 */
export const gracefulClose = fp(async (app) => {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    app.server.closeIdleConnections();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
});
