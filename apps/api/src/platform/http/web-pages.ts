import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { isLoopbackAuthority } from '../loopback-host.ts';
import { AppError } from '../problems/app-error.ts';
import { embeddablePath } from './security-headers.ts';

/** Paths that belong to the API; anything else that is not a file is a page of the SPA. */
const apiPath = /^\/(api|services|healthz|readyz|errors|metrics)(\/|$)/;

/** Serves the built SPA and the light portlet page. Hashed assets are cached forever, pages never. */
export async function webPages(app: FastifyInstance, options: { root: string; publicUrl: string }): Promise<void> {
  const publicHost = new URL(options.publicUrl).host;
  // A proxy in front may forward requests under this machine's own name: a redirect would send them in circles.
  const isOfThisMachine = isLoopbackAuthority(publicHost);
  if (!existsSync(join(options.root, 'index.html'))) {
    app.log.warn({ root: options.root }, 'the SPA is not built; only the API is served');
    return;
  }
  await app.register(fastifyStatic, {
    root: options.root,
    wildcard: false,
    index: false,
    cacheControl: false,
    // What the build has written beside each file, if the browser accepts it.
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    // Under another name of this machine the pages would load, but their session cookie and origin belong to the
    // public one.
    if (isOfThisMachine && request.host !== publicHost && isLoopbackAuthority(request.host)) {
      // A request to a proxy has a whole URL as its target (RFC 9112 §3.2.2), which makes no valid redirect.
      if (!request.url.startsWith('/')) throw new AppError('request_invalid');
      return reply.redirect(options.publicUrl + request.url, 302);
    }
  });
  app.get(embeddablePath, { schema: { hide: true } }, (_request, reply) => reply.sendFile('portlet.html'));
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (apiPath.test(path) || /\.[a-z0-9]+$/i.test(path)) throw new AppError('not_found');
    return reply.sendFile('index.html');
  });
}
