import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findUser, openSession, type World } from '../world.ts';
import {
  accountPickerPage,
  adminApprovalPage,
  consentPage,
  errorPage,
  formPostPage,
  signedOutPage,
} from './authorize-pages.ts';
import {
  type AuthorizeRequest,
  adminOnlyScopes,
  declined,
  errorParameters,
  grantCode,
  needsConsent,
  RedirectError,
  type ReturnAddress,
  readAuthorizeRequest,
  redirectUrl,
  refuseSilently,
  rememberConsent,
} from './authorize-request.ts';
import { EntraError, entraStatus, newErrorIds } from './entra-error.ts';
import { sendPage } from './page-frame.ts';
import { readForm } from './token-routes.ts';

// All ports of a host share its cookies, so the name must be unique.
const sessionCookie = 'fake_microsoft_session';

/** The sign-in pages: authorize (v1 and v2), the steps after it, and sign-out. */
export function registerAuthorizeRoutes(app: FastifyInstance, world: World): void {
  for (const [version, url] of [
    [2, '/:tenant/oauth2/v2.0/authorize'],
    [1, '/:tenant/oauth2/authorize'],
  ] as const) {
    app.route<{ Params: { tenant: string } }>({
      method: ['GET', 'POST'],
      url,
      handler: (request, reply) =>
        guard(world, request, reply, () => {
          // OpenID Connect also allows the request as a form.
          const query = readForm(request.method === 'POST' ? request.body : request.query);
          const path = request.url.split('?', 1)[0] ?? '';
          const original = `${path}?${new URLSearchParams(query)}`;
          const asked = readAuthorizeRequest(world, version, request.params.tenant, query);
          return begin(world, asked, original, request, reply);
        }),
    });
  }
  app.post('/login', (request, reply) => guard(world, request, reply, () => proceed(world, request, reply)));
  for (const url of ['/:tenant/oauth2/v2.0/logout', '/:tenant/oauth2/logout']) {
    app.get<{ Querystring: { post_logout_redirect_uri?: string } }>(url, (request, reply) => {
      const session = readSession(request);
      if (session !== null) delete world.state.sessions[session];
      world.changed();
      reply.header('set-cookie', `${sessionCookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);
      separate(reply);
      return sendPage(reply, 200, signedOutPage());
    });
  }
}

function begin(world: World, asked: AuthorizeRequest, original: string, request: FastifyRequest, reply: FastifyReply) {
  const session = readSession(request);
  const user = session === null ? undefined : findUser(world.state, world.state.sessions[session] ?? '');
  const fits =
    user?.accountEnabled === true &&
    (asked.loginHint === null || asked.loginHint.toLowerCase() === user.userPrincipalName.toLowerCase());
  if (asked.prompt.has('none')) {
    if (!fits || session === null) throw refuseSilently(world, asked, null);
    if (needsConsent(world, asked, user)) throw refuseSilently(world, asked, user);
    return answer(reply, asked, grantCode(world, asked, user, session));
  }
  if (fits && session !== null && !asked.prompt.has('select_account') && !asked.prompt.has('login')) {
    if (needsConsent(world, asked, user)) return askConsent(world, asked, original, user.oid, reply);
    return answer(reply, asked, grantCode(world, asked, user, session));
  }
  return sendPage(reply, 200, accountPickerPage(world, asked, original, null));
}

function proceed(world: World, request: FastifyRequest, reply: FastifyReply) {
  const form = readForm(request.body);
  const original = form.request ?? '';
  const target = /^\/([^/?]+)\/oauth2\/(v2\.0\/)?authorize\?(.*)$/i.exec(original);
  if (target === null) throw new EntraError('invalid_request', 90014, "The required field 'request' is missing.");
  const asked = readAuthorizeRequest(
    world,
    target[2] === undefined ? 1 : 2,
    decodeURIComponent(target[1] ?? ''),
    Object.fromEntries(new URLSearchParams(target[3])),
  );
  if (form.step === 'cancel') throw declined(asked);
  if (form.step === 'approval') {
    throw new RedirectError(
      asked,
      new EntraError(
        'access_denied',
        90094,
        'Admin consent is required for the permissions requested by this application.',
      ),
    );
  }
  const account = form.account?.trim() ?? '';
  const user = findUser(world.state, account);
  if (user === undefined) {
    return sendPage(
      reply,
      200,
      accountPickerPage(world, asked, original, `アカウント「${account}」は見つかりません (AADSTS50034)。`),
    );
  }
  if (!user.accountEnabled) throw new EntraError('invalid_grant', 50057, 'The user account is disabled.');
  if (form.step === 'consent') {
    if (form.decision !== 'accept') throw declined(asked);
    if (adminOnlyScopes(world, asked, user).length > 0) return askConsent(world, asked, original, user.oid, reply);
    rememberConsent(world, asked, user);
  } else if (needsConsent(world, asked, user)) {
    return askConsent(world, asked, original, user.oid, reply);
  }
  const session = openSession(world, user.oid);
  reply.header('set-cookie', `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Lax`);
  return answer(reply, asked, grantCode(world, asked, user, session));
}

function askConsent(world: World, asked: AuthorizeRequest, original: string, oid: string, reply: FastifyReply) {
  const user = findUser(world.state, oid);
  if (user === undefined)
    throw new EntraError('invalid_grant', 50034, 'The user account does not exist in the directory.');
  const adminOnly = adminOnlyScopes(world, asked, user);
  const page =
    adminOnly.length > 0
      ? adminApprovalPage(world, adminOnly, user, original)
      : consentPage(world, asked, user, original);
  return sendPage(reply, 200, page);
}

/** Runs a step of the sign-in pages with Entra's headers, and answers its errors as Entra does. */
export function guard(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  run: () => FastifyReply,
): FastifyReply {
  const ids = newErrorIds(world, request.headers['client-request-id']);
  reply.header('x-ms-request-id', ids.traceId).header('x-ms-ests-server', '2.1.0 - FAKE');
  separate(reply);
  try {
    return run();
  } catch (error) {
    if (error instanceof RedirectError) {
      reply.header('x-ms-clitelem', `1,${error.entra.codes.at(-1) ?? 0},0,,`);
      return answer(reply, error.to, errorParameters(error, ids));
    }
    if (error instanceof EntraError) return sendPage(reply, entraStatus(error), errorPage(error, ids));
    throw error;
  }
}

/**
 * As since February 2026: a window that arrives here is cut off from its opener, which then reads `closed === true`.
 * @see https://github.com/nextcloud/mail/issues/13060
 */
function separate(reply: FastifyReply): void {
  reply.header('cross-origin-opener-policy', 'same-origin');
}

function answer(reply: FastifyReply, to: ReturnAddress, parameters: Record<string, string>): FastifyReply {
  if (to.responseMode === 'form_post') return sendPage(reply, 200, formPostPage(to, parameters));
  return reply
    .header('cache-control', 'no-cache, no-store')
    .header('pragma', 'no-cache')
    .header('x-frame-options', 'DENY')
    .redirect(redirectUrl(to, parameters), 302);
}

function readSession(request: FastifyRequest): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === sessionCookie && value) return value;
  }
  return null;
}
