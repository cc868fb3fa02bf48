import { Tokens } from '@fastify/csrf';
import csrf from '@fastify/csrf-protection';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { sessionCookie, signingSecrets } from './sessions.ts';
import { accessOf, requireStanding } from './standing-access.ts';

const csrfCookieName = '__Host-argus-csrf';
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Enforces the access that a route declares (`config.access`, which an endpoint takes from the contract). A route
 * without a declaration is for administrators only. A request that changes something is checked twice: when its head
 * arrives, and again when its body has arrived, which may be half a minute later.
 */
export const access = fp<Services>(async (app, { db }) => {
  app.addHook('onRequest', async ({ routeOptions, viewer }) => {
    const declared = routeOptions.config.access ?? 'admin';
    if (declared === 'public') return;
    if (!viewer) throw new AppError('session_missing');
    if (declared === 'admin' && viewer.role !== 'admin') throw new AppError('access_denied');
  });
  app.decorateRequest('requireStanding', function (this: FastifyRequest) {
    return requireStanding(db, accessOf(this));
  });
  app.addHook('preHandler', async (request) => {
    if (request.viewer && !safeMethods.has(request.method)) await request.requireStanding();
  });
});

/**
 * What a CSRF token is bound to besides its cookie: the session, or the fact that nobody is signed in. It expires
 * with the session.
 */
function bearerOf({ session }: FastifyRequest): string {
  return session.accountId === undefined ? 'nobody' : `session ${session.sessionId}`;
}

/** The token that a page sends with every state-changing request. */
export function csrfTokenOf(request: FastifyRequest, reply: FastifyReply): string {
  return reply.generateCsrf({ userInfo: bearerOf(request) });
}

/** Whether the browser sends the cookie that came with the last token. Safari keeps no Secure cookie of an http address. */
export function sendsCookies({ cookies }: FastifyRequest): boolean {
  return cookies[csrfCookieName] !== undefined;
}

/**
 * Whether a page of Argus sent the request, to the host at which it was opened: under another name, or bypassing the
 * proxy.
 */
function isOwnPage({ headers, host }: FastifyRequest): boolean {
  const { origin = '', 'sec-fetch-site': site } = headers;
  if (!URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol)) return false;
  return site === undefined ? new URL(origin).host === host : site === 'same-origin';
}

/**
 * Rejects cross-site request forgery: a state-changing request must come from our own origin and carry a token that
 * only our own pages can read.
 *
 * The secret behind the token is in a signed cookie, so that an anonymous visitor leaves nothing in the database
 * (OWASP: signed double-submit cookie, bound to the session).
 */
export const forgeryProtection = fp<Services>(async (app, { config, vault, surroundings, now }) => {
  const [hmacKey = '', ...formerKeys] = signingSecrets(vault, 'csrf');
  const formerTokens = formerKeys.map((key) => new Tokens({ hmacKey: key, userInfo: true }));
  const cookie = { ...sessionCookie(config), signed: true };
  const tokenOf = ({ headers }: FastifyRequest) => [headers['x-csrf-token']].flat()[0];
  const secretOf = ({ cookies }: FastifyRequest) => app.unsignCookie(cookies[csrfCookieName] ?? '');
  await app.register(csrf, {
    sessionPlugin: '@fastify/cookie',
    cookieKey: csrfCookieName,
    cookieOpts: cookie,
    csrfOpts: { hmacKey, userInfo: true },
    getUserInfo: bearerOf,
    getToken: tokenOf,
  });
  app.addHook('onRequest', async (request, reply) => {
    const { renew, value } = secretOf(request);
    // Signed by another key than the first: signed anew, before that key goes.
    if (renew && value !== null) reply.setCookie(csrfCookieName, value, cookie);
  });
  let hasWarned = false;
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method)) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    const isForeign = origin !== undefined && origin !== config.http.publicUrl;
    if (isForeign && isOwnPage(request)) {
      if (!hasWarned) {
        hasWarned = true;
        request.log.warn(
          { origin },
          'a page was opened at another address than ARGUS_PUBLIC_URL and cannot be used there',
        );
      }
      surroundings.foreignOriginAt = now();
      throw new AppError('origin_mismatch', { origin: new URL(origin).origin, publicUrl: config.http.publicUrl });
    }
    // Browsers send Fetch Metadata even where they omit Origin. Non-browser clients send neither.
    if (isForeign || site === 'cross-site' || site === 'same-site') throw new AppError('csrf_token_invalid');
  });
  app.addHook('onRequest', (request, reply, done) => {
    // The plugin verifies by one key: a page may have its token from an instance where another key is the first.
    const isOfFormerKey = () => {
      const { value } = secretOf(request);
      const token = tokenOf(request);
      if (value === null || token === undefined) return false;
      return formerTokens.some((tokens) => tokens.verify(value, token, bearerOf(request)));
    };
    if (safeMethods.has(request.method) || isOfFormerKey()) done();
    else app.csrfProtection(request, reply, done);
  });
});
