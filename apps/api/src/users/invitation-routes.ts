import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeAccounts } from '../accounts/change-accounts.ts';
import { requireReauthentication } from '../accounts/reauthentication.ts';
import { lockAccount } from '../accounts/records/accounts.ts';
import {
  countInvitees,
  type Invitee,
  type InviteeFilter,
  lockInvitees,
  saveInvitations,
} from '../accounts/records/invitations.ts';
import { accessOf } from '../accounts/standing-access.ts';
import { audit } from '../audit/audit.ts';
import { byteOrderMark, formatCsvRow } from '../platform/csv/write-csv.ts';
import type { Db } from '../platform/database/db.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { sendCsv } from '../platform/http/send-csv.ts';
import { AppError, invalidFields } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { hashToken } from '../platform/vault/hash-token.ts';

const invitationLifeMs = 7 * 24 * 3600_000;
/** One transaction per batch: short enough for PGlite, which blocks its process meanwhile. */
const batchSize = 2_000;
const header = ['ユーザ名', 'Salesforceアカウント', '招待リンク', '有効期限'];

/**
 * 招待リンク: issued for accounts without a password. A link appears in one reply and nowhere else. Its holder sets the
 * password of somebody else's account, so the administrator must prove their own first.
 */
export async function invitationIssueRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { config, db, now } = services;

  endpoint(app, 'POST /api/admin/users/:id/invitation', ({ params, request }) =>
    changeAccounts(db, accessOf(request), now(), async (tx) => {
      const account = await lockAccount(tx, params.id);
      if (!account) throw new AppError('not_found');
      if (!account.active) throw new AppError('invitation_account_inactive');
      if (account.passwordHash !== null) throw new AppError('invitation_password_set');
      requireReauthentication(request, now());
      const { id, username, displayName } = account;
      const { urls, expiresAt } = await issue(tx, [id]);
      await audit(tx, request, 'invitation_issued', { kind: 'account', id, name: username });
      return { url: urls[0] ?? '', username, displayName, expiresAt: expiresAt.toISOString() };
    }),
  );

  endpoint(app, 'GET /api/admin/invitations', ({ query }) => countInvitees(db, query, now()));

  endpoint(app, 'POST /api/admin/invitations', async ({ body: { timeZone, role, ...filter }, request, reply }) => {
    const dates = dateFormats(timeZone);
    requireReauthentication(request, now());
    const batches = issueBatches(request, { ...filter, role: role ?? undefined });
    // A failure of the first batch is a problem reply; a later one closes the connection, so that no partial file
    // looks complete.
    const first = await batches.next();
    sendCsv(reply, `招待リンク_${dates.day.format(now())}.csv`);
    return Readable.from(csv());

    async function* csv() {
      yield byteOrderMark + formatCsvRow(header);
      for (let batch = first; !batch.done; batch = await batches.next()) {
        const { invitees, urls, expiresAt } = batch.value;
        const until = dates.moment.format(expiresAt);
        yield invitees
          .map(({ displayName, username }, index) => formatCsvRow([displayName, username, urls[index] ?? '', until]))
          .join('');
      }
    }
  });

  async function* issueBatches(request: FastifyRequest, filter: InviteeFilter) {
    for (let after = ''; ; ) {
      const batch = await changeAccounts(db, accessOf(request), now(), async (tx) => {
        const invitees = await lockInvitees(tx, filter, { after, take: batchSize, now: now() });
        if (invitees.length === 0) return undefined;
        const issued = await issue(
          tx,
          invitees.map(({ id }) => id),
        );
        await auditBatch(tx, request, invitees);
        return { invitees, ...issued };
      });
      if (!batch) return;
      yield batch;
      after = batch.invitees.at(-1)?.usernameKey ?? after;
    }
  }

  /** Issues an invitation for each account; returns the links in the same order. */
  async function issue(tx: Db, accountIds: readonly string[]): Promise<{ urls: string[]; expiresAt: Date }> {
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + invitationLifeMs);
    const issued = accountIds.map((accountId) => ({ accountId, token: randomBytes(32).toString('base64url') }));
    await saveInvitations(
      tx,
      issued.map(({ accountId, token }) => ({ accountId, tokenHash: hashToken(token) })),
      { createdAt, expiresAt },
    );
    // In the fragment, which reaches neither servers nor Referer headers.
    return { urls: issued.map(({ token }) => `${config.http.publicUrl}/invitation#token=${token}`), expiresAt };
  }
}

/** They are issued in username order: the first, the last and the number identify them. */
async function auditBatch(tx: Db, request: FastifyRequest, invitees: readonly Invitee[]): Promise<void> {
  const [first, last] = [invitees[0]?.username ?? '', invitees.at(-1)?.username ?? ''];
  await audit(tx, request, 'invitation_issued', {
    kind: 'accounts',
    name: first === last ? first : `${first} … ${last}`,
    changes: [{ field: 'invitations', from: null, to: String(invitees.length) }],
  });
}

/** @throws AppError request_invalid for an unknown time zone */
function dateFormats(timeZone: string) {
  const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  try {
    return {
      // 2026-11-28
      day: new Intl.DateTimeFormat('sv-SE', { ...date, timeZone }),
      // 2026/11/28 22:30 JST
      moment: new Intl.DateTimeFormat('ja-JP', {
        ...date,
        hour: '2-digit',
        minute: '2-digit',
        timeZoneName: 'short',
        timeZone,
      }),
    };
  } catch {
    throw invalidFields([{ field: 'timeZone', code: 'choice_invalid' }]);
  }
}
