import type { FastifyInstance, FastifyRequest } from 'fastify';
import { audit, auditFailure } from '../../audit/audit.ts';
import { inTransaction } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { readForm } from '../../platform/http/read-form.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { hashPassword, judgePassword } from '../password.ts';
import { recordSignIn } from '../records/accounts.ts';
import { forgetPlacesAndFailures } from '../records/forget-places-and-failures.ts';
import { findInvitation, takeInvitation } from '../records/invitations.ts';
import { viewerFrom } from '../sessions.ts';
import { signInOrigin } from '../sign-in-origin.ts';
import { beginInvitationAttempt, countUselessInvitation, judging } from '../sign-in-throttle.ts';
import { beginSession, sessionView } from './begin-session.ts';

/** 招待リンク, for its recipient. The token comes in the body, which is neither logged nor stored. */
export async function invitationRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now } = services;

  endpoint(app, 'POST /api/invitation/read', async ({ body, request }) => {
    const { account, expiresAt } = await findInvited(hashToken(body.token), request);
    const { username, displayName } = account;
    return { username, displayName, expiresAt: expiresAt.toISOString() };
  });

  endpoint(app, 'POST /api/invitation/accept', async ({ body, request, reply }) => {
    const tokenHash = hashToken(body.token);
    const { account } = await findInvited(tokenHash, request);
    const password = readForm((read) => judgePassword(read, 'password', body.password, account.username));
    // Counted before hashing, which is expensive enough to abuse.
    const attempt = await beginInvitationAttempt(db, tokenHash, now());
    const passwordHash = await judging(attempt, () => hashPassword(password));
    const enter = await judging(attempt, () =>
      inTransaction(db, async (tx) => {
        const taken = await takeInvitation(tx, { accountId: account.id, tokenHash, passwordHash }, now());
        if (!taken) throw new AppError('invitation_expired');
        await forgetPlacesAndFailures(tx, account.id);
        await attempt.succeeded(tx);
        await recordSignIn(tx, account.id, now());
        request.viewer = viewerFrom(account);
        const target = { kind: 'account', id: account.id, name: account.username };
        await audit(tx, request, 'invitation_accepted', target);
        return beginSession(tx, services, request, { ...account, passwordHash });
      }),
    );
    await enter(reply);
    return sessionView(services, request, reply);
  });

  /** @throws AppError invitation_expired or too_many_requests */
  async function findInvited(tokenHash: string, request: FastifyRequest) {
    const found = await findInvitation(db, tokenHash, now());
    if (found) return found;
    await countUselessInvitation(db, signInOrigin(request), now());
    await auditFailure(services, request, 'invitation_failed', null);
    throw new AppError('invitation_expired');
  }
}
