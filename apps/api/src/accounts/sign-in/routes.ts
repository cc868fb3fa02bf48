import { fromAcceptLanguage } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { audit, auditFailure, auditOwn } from '../../audit/audit.ts';
import { inTransaction } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { readForm } from '../../platform/http/read-form.ts';
import { viewerOf } from '../../platform/http/viewer.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { csrfTokenOf } from '../access.ts';
import { checkOwnPassword } from '../check-own-password.ts';
import { parseUsername } from '../parse-account.ts';
import { hashPassword, judgePassword } from '../password.ts';
import { reauthenticatedUntil } from '../reauthentication.ts';
import { createAccount, hasAccounts, lockAccount, recordSignIn, setLanguage } from '../records/accounts.ts';
import { endFlowsOf } from '../records/begun-flows.ts';
import { isFirstAdminInvitationValid, takeFirstAdminInvitation } from '../records/first-admin-invitations.ts';
import { endSession } from '../records/sessions.ts';
import { sessionCookie, sessionCookieName, viewerFrom } from '../sessions.ts';
import { setPassword } from '../set-password.ts';
import { judging } from '../sign-in-throttle.ts';
import { accessOf, lockJudged, requireStanding } from '../standing-access.ts';
import { beginSession, proveInSession, renewSession, sessionView } from './begin-session.ts';
import { type RefusalStep, signIn } from './sign-in.ts';

/** Signing in, for everybody. */
export async function signInRoutes(app: FastifyInstance, services: Services & RefusalStep): Promise<void> {
  const { db, now } = services;

  endpoint(app, 'GET /api/session', ({ request, reply }) => sessionView(services, request, reply));

  endpoint(app, 'POST /api/session', async ({ body, request, reply }) => {
    const { account, attempt } = await signIn(services, body, request);
    request.viewer = viewerFrom(account);
    const enter = await judging(attempt, () =>
      inTransaction(db, async (tx) => {
        if (!(await lockJudged(tx, account))) throw new AppError('sign_in_failed');
        // First the known places, then the throttle: the same order as when a password is set (decisions/0019).
        const entering = await beginSession(tx, services, request, account);
        await attempt.succeeded(tx);
        await recordSignIn(tx, account.id, now());
        await auditOwn(tx, request, 'sign_in', {}, now());
        return entering;
      }),
    );
    await enter(reply);
    return sessionView(services, request, reply);
  });

  endpoint(app, 'POST /api/first-admin', async ({ body, request, reply }) => {
    const form = readForm((read) => {
      const username = parseUsername(read, 'username', body.username);
      return {
        username,
        displayName: read.requiredText('displayName', body.displayName),
        password: judgePassword(read, 'password', body.password, username),
      };
    });
    const tokenHash = hashToken(body.token);
    // Checked before hashing, which is expensive enough to abuse.
    if (!(await isFirstAdminInvitationValid(db, tokenHash, now()))) {
      await auditFailure(services, request, 'first_admin_failed', null);
      throw new AppError('invitation_invalid');
    }
    const passwordHash = await hashPassword(form.password);
    const enter = await inTransaction(db, async (tx) => {
      const taken = await takeFirstAdminInvitation(tx, tokenHash, now());
      if (!taken || (await hasAccounts(tx))) throw new AppError('invitation_invalid');
      const { username, displayName } = form;
      const created = await createAccount(tx, {
        username,
        displayName,
        role: 'admin',
        salesforceId: null,
        passwordHash,
      });
      await recordSignIn(tx, created.id, now());
      request.viewer = viewerFrom(created);
      await audit(tx, request, 'first_admin_created', { kind: 'account', id: created.id, name: username });
      return beginSession(tx, services, request, created);
    });
    await enter(reply);
    return sessionView(services, request, reply);
  });
}

/** One's own account: signing out, language, password. */
export async function ownAccountRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { config, db, now } = services;

  endpoint(app, 'DELETE /api/session', async ({ request, reply }) => {
    const { accountId, sessionId } = accessOf(request);
    const { family } = request.session;
    await inTransaction(db, async (tx) => {
      await endFlowsOf(tx, accountId);
      // Of several concurrent sign-outs, only one is recorded.
      if (await endSession(tx, { accountId, sessionId, family })) await auditOwn(tx, request, 'sign_out', {}, now());
    });
    await request.session.destroy();
    reply.clearCookie(sessionCookieName, sessionCookie(config));
    return null;
  });

  endpoint(app, 'PUT /api/session/language', async ({ body, request, reply }) => {
    const viewer = viewerOf(request);
    await setLanguage(db, viewer.id, body.language);
    request.viewer = { ...viewer, language: body.language };
    request.language = body.language ?? fromAcceptLanguage(request.headers['accept-language']);
    return sessionView(services, request, reply);
  });

  endpoint(app, 'POST /api/session/reauthentication', async ({ body, request, reply }) => {
    const access = accessOf(request);
    const { account, attempt } = await checkOwnPassword(services, request, body.password, 'password');
    const enter = await judging(attempt, () =>
      inTransaction(db, async (tx) => {
        await lockAccount(tx, account.id);
        await requireStanding(tx, access);
        await attempt.succeeded(tx);
        const target = { kind: 'account', id: account.id, name: account.username };
        await auditOwn(tx, request, 'reauthenticated', target, now());
        // Under a new id: whoever holds a copy of the cookie must not profit from the proof.
        return proveInSession(tx, services, request, account);
      }),
    );
    await enter(reply);
    const until = reauthenticatedUntil(request, now()) ?? now();
    return { until: until.toISOString(), csrfToken: csrfTokenOf(request, reply) };
  });

  endpoint(app, 'PUT /api/session/password', async ({ body, request, reply }) => {
    const viewer = viewerOf(request);
    const access = accessOf(request);
    const { currentPassword, newPassword } = readForm((read) => {
      if (body.currentPassword === '') read.refuse('currentPassword', 'required');
      if (body.newPassword === body.currentPassword) read.refuse('newPassword', 'password_same');
      return {
        currentPassword: body.currentPassword,
        newPassword: judgePassword(read, 'newPassword', body.newPassword, viewer.username),
      };
    });
    const { account, attempt } = await checkOwnPassword(services, request, currentPassword, 'currentPassword');
    const passwordHash = await judging(attempt, () => hashPassword(newPassword));
    const enter = await judging(attempt, () =>
      inTransaction(db, async (tx) => {
        if (!(await lockJudged(tx, account))) throw new AppError('session_missing');
        await requireStanding(tx, access);
        await attempt.succeeded(tx);
        await setPassword(tx, account, passwordHash);
        const target = { kind: 'account', id: account.id, name: account.username };
        await auditOwn(tx, request, 'password_changed', target, now());
        return renewSession(tx, services, request, { ...account, passwordHash });
      }),
    );
    await enter(reply);
    return sessionView(services, request, reply);
  });
}
