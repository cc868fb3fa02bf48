import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopbackAuthority } from '../loopback-host.ts';
import { AppError } from '../problems/app-error.ts';
import type { Services } from '../services.ts';

/** Headers that proxies add to a forwarded request. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * `/metrics` in Prometheus' text format, for readers with the token. Without a configured token only the demo answers, to this machine: in
 * production a proxy there may pass on whatever the world asks. Everybody else gets a 404.
 */
export async function metricsRoute(app: FastifyInstance, { config, metrics }: Services): Promise<void> {
  const { token } = config.metrics;
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const mayRead = token === undefined ? config.mode === 'demo' && asksLocally(request) : showsToken(request, token);
    if (!mayRead) throw new AppError('not_found');
    reply.header('cache-control', 'no-store').type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}

function showsToken({ headers }: FastifyRequest, token: string): boolean {
  const given = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

/**
 * Whether the request comes from this machine, not through a proxy on it, and not from a page whose host name
 * resolves to it.
 */
function asksLocally({ headers, raw }: FastifyRequest): boolean {
  const fromHere = /^(::1|(::ffff:)?127\.[0-9.]+)$/.test(raw.socket.remoteAddress ?? '');
  const namesThis = isLoopbackAuthority(headers.host ?? '');
  return fromHere && namesThis && proxyHeaders.every((name) => headers[name] === undefined);
}
