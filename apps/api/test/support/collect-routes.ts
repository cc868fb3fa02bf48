import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface CollectedRoute {
  readonly method: string;
  readonly url: string;
  /** The access declared at its registration; undefined where the route declares none. */
  readonly access: string | undefined;
}

/**
 * Records every route of every Fastify instance created from now on, through the diagnostics channel of Fastify: it
 * finds every registration, whoever makes it and however.
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
