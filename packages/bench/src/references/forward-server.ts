import replyFrom from '@fastify/reply-from';
import Fastify from 'fastify';

// The least that passes a request on to Graph, and its reply back.

export interface ForwardServerOptions {
  readonly graphUrl: string;
  readonly path: string;
  readonly accessToken: string;
}

const { graphUrl, path, accessToken } = JSON.parse(process.argv[2] ?? '{}') as ForwardServerOptions;
const app = Fastify();
await app.register(replyFrom, { base: graphUrl });
app.get('/api/new-arrivals', (_request, reply) =>
  reply.from(path, {
    queryString: () => '',
    rewriteRequestHeaders: (_original, headers) => ({
      ...headers,
      authorization: `Bearer ${accessToken}`,
      prefer: 'IdType="ImmutableId"',
    }),
  }),
);
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.on('SIGTERM', () => process.exit(0));
