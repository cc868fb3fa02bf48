import csrf from '@fastify/csrf-protection';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../app-error.ts';
import type { Services } from '../services.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets only signed-in users pass. */
export async function requireSignIn(request: FastifyRequest): Promise<void> {
  if (!request.viewer) throw new AppError('session_missing');
}

/** Lets only administrators pass. */
export async function requireAdmin(request: FastifyRequest): Promise<void> {
  if (request.viewer?.role !== 'admin') throw new AppError('access_denied');
}

/**
 * Refuses requests forged by another site: whatever changes something must come from our own origin and carry the token
 * that only our own pages can read.
 */
export const forgeryProtection = fp<Services>(async (app, { config }) => {
  await app.register(csrf, {
    sessionPlugin: '@fastify/session',
    sessionKey: 'csrfSecret',
    getToken: (request) => {
      const token = request.headers['x-csrf-token'];
      return typeof token === 'string' ? token : undefined;
    },
  });
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method)) return;
    const { origin } = request.headers;
    if (origin !== undefined && origin !== config.http.publicUrl) throw new AppError('csrf_token_invalid');
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (safeMethods.has(request.method)) done();
    else app.csrfProtection(request, reply, done);
  });
});
