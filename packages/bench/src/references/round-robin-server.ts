import replyFrom from '@fastify/reply-from';
import Fastify from 'fastify';

// The least that spreads requests over several servers, one after the other.

export interface RoundRobinOptions {
  readonly upstreams: readonly string[];
}

const { upstreams } = JSON.parse(process.argv[2] ?? '{}') as RoundRobinOptions;
const app = Fastify();
await app.register(replyFrom);
let requests = 0;
app.get('/*', (request, reply) => {
  requests += 1;
  return reply.from(`${upstreams[requests % upstreams.length]}${request.url}`, {
    rewriteRequestHeaders: (_original, { host: _, ...headers }) => headers,
  });
});
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.on('SIGTERM', () => process.exit(0));
