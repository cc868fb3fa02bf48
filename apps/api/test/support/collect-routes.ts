import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface CollectedRoute {
  readonly method: string;
  readonly url: string;
  /** Who may call it, as it was declared at its registration; undefined where the route says nothing. */
  readonly access: string | undefined;
}

/**
 * Notes every route of every Fastify that is made from now on, by the channel on which Fastify announces itself: what is
 * registered is found here, whoever registers it and however.
 */
export function collectRoutes(): { of(app: FastifyInstance): readonly CollectedRoute[]; stop(): void } {
  const found = new Map<object, CollectedRoute[]>();
  const channel = 'fastify.initialization';
  const onInitialization = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    const routes: CollectedRoute[] = [];
    found.set(fastify, routes);
    fastify.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) routes.push({ method: each, url, access: config?.access });
    });
  };
  subscribe(channel, onInitialization);
  return {
    of: (app) => found.get(app) ?? [],
    stop: () => void unsubscribe(channel, onInitialization),
  };
}
