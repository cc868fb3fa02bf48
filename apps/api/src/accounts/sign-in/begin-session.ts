import { randomUUID } from 'node:crypto';
import type { SessionView } from '@argus/contract/endpoints/accounts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../../platform/services.ts';
import { csrfTokenOf } from '../access.ts';
import { demoAccounts } from '../demo-accounts.ts';
import { type Account, hasAccounts } from '../records/accounts.ts';
import { passwordDigestOf, renewSession, viewerFrom } from '../sessions.ts';
import { rememberOrigin } from '../sign-in-origin.ts';

/**
 * Begins a session under a new id and ends the old one, which somebody else may know. Browser and address become
 * known places of the account.
 */
export async function beginSession(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
): Promise<void> {
  await rememberOrigin(services, request, reply, account);
  await request.session.regenerate();
  request.session.family = randomUUID();
  takeOn(request, account);
}

/** Continues a session under a new id after its user has set another password. */
export async function continueSession(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
): Promise<void> {
  await rememberOrigin(services, request, reply, account);
  await renewSession(request);
  takeOn(request, account);
}

function takeOn(request: FastifyRequest, account: Account): void {
  request.session.accountId = account.id;
  request.session.role = account.role;
  request.session.passwordDigest = passwordDigestOf(account);
  request.viewer = viewerFrom(account);
  request.language = request.viewer.language ?? request.language;
}

/** The current session, as sent to the web app. */
export async function sessionView(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SessionView> {
  const { viewer } = request;
  const { mode } = services.config;
  return {
    user: viewer && { ...viewer },
    csrfToken: csrfTokenOf(request, reply),
    mode,
    hasAccounts: viewer !== null || (await hasAccounts(services.db)),
    ...(mode === 'demo' ? { demoAccounts: demoAccounts.map((account) => ({ ...account })) } : {}),
  };
}
