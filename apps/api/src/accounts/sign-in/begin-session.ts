import { randomUUID } from 'node:crypto';
import type { SessionView } from '@argus/contract/endpoints/accounts';
import { present } from '@argus/fields/present';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../platform/database/db.ts';
import type { Services } from '../../platform/services.ts';
import { csrfTokenOf, sendsCookies } from '../access.ts';
import { presentDemoAccounts } from '../present-demo-accounts.ts';
import { type Account, hasAccounts } from '../records/accounts.ts';
import { deleteSession, saveSession } from '../records/sessions.ts';
import { readSignInHelp } from '../records/sign-in-help.ts';
import {
  goOnWith,
  newSessionId,
  passwordDigestOf,
  type SessionData,
  sessionCookie,
  sessionLifeMs,
  viewerFrom,
} from '../sessions.ts';
import { saveOrigin, setDeviceCookie } from '../sign-in-origin.ts';

/** Makes a stored session the one of the reply, once its transaction is committed. */
type Enter = (reply: FastifyReply) => Promise<void>;

/**
 * Begins a session under a new id: the old one, which another may know, is dead from here on. Browser and address are
 * known to the account from here on. All of it commits or rolls back with the transaction, whose caller holds the lock
 * of the account.
 */
export function beginSession(tx: Db, services: Services, request: FastifyRequest, account: Account): Promise<Enter> {
  return storeSession(tx, services, request, account, { family: randomUUID(), isNewPlace: true });
}

/**
 * As `beginSession`, for a user who continues after changing the password. The caller has checked in the transaction
 * that the session still stands.
 */
export function renewSession(tx: Db, services: Services, request: FastifyRequest, account: Account): Promise<Enter> {
  return storeSession(tx, services, request, account, { family: request.session.family, isNewPlace: true });
}

/** As `renewSession`, for a user who has just proved the password: the new session records the proof. */
export function proveInSession(tx: Db, services: Services, request: FastifyRequest, account: Account): Promise<Enter> {
  return storeSession(tx, services, request, account, { family: request.session.family, isProof: true });
}

async function storeSession(
  tx: Db,
  { config, now }: Services,
  request: FastifyRequest,
  account: Account,
  how: { readonly family: string | undefined; readonly isNewPlace?: true; readonly isProof?: true },
): Promise<Enter> {
  const at = now();
  await deleteSession(tx, request.session.sessionId);
  const sessionId = newSessionId();
  const expiresAt = new Date(at.getTime() + sessionLifeMs);
  const data: SessionData = {
    accountId: account.id,
    role: account.role,
    passwordDigest: passwordDigestOf(account),
    family: how.family ?? randomUUID(),
    ...(how.isProof ? { reauthenticatedAt: at.toISOString() } : {}),
  };
  const cookie = { ...sessionCookie(config), originalMaxAge: sessionLifeMs, expires: expiresAt.toISOString() };
  await saveSession(tx, sessionId, { accountId: account.id, data: { ...data, cookie }, expiresAt });
  const device = how.isNewPlace ? await saveOrigin(tx, request, account, at) : null;
  return async (reply) => {
    await goOnWith(request, sessionId, data);
    if (device !== null) setDeviceCookie(config, reply, device);
    request.viewer = viewerFrom(account);
    request.language = request.viewer.language ?? request.language;
  };
}

/** The current session, as sent to the web app. */
export async function sessionView(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SessionView> {
  const { viewer } = request;
  const { mode } = services.config;
  const signInHelp = viewer === null ? await readSignInHelp(services.db) : undefined;
  return {
    user: viewer && { ...viewer },
    csrfToken: csrfTokenOf(request, reply),
    cookieSent: sendsCookies(request),
    mode,
    hasAccounts: viewer !== null || (await hasAccounts(services.db)),
    ...present({ signInHelp }),
    ...(mode === 'demo' ? { demoAccounts: [...(await presentDemoAccounts(services.db))] } : {}),
  };
}
