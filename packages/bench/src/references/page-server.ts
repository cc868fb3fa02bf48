import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';

// The least that serves a built page, compressed beforehand.

export interface PageServerOptions {
  readonly root: string;
}

const { root } = JSON.parse(process.argv[2] ?? '{}') as PageServerOptions;
const app = Fastify();
await app.register(fastifyStatic, { root, preCompressed: true });
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.on('SIGTERM', () => process.exit(0));
