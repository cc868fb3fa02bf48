import { type Deadline, startDeadline } from '@argus/egress/deadline';
import { findAccount } from '../../accounts/records/accounts.ts';
import { type Actor, type AuditTarget, auditEventOf } from '../../audit/audit.ts';
import { saveOwnEvent } from '../../audit/records/audit-events.ts';
import { type Db, inTransaction } from '../../platform/database/db.ts';
import { untilAvailable } from '../../platform/database/until-available.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { judgeAccount } from '../judge-account.ts';
import { type AccountLink, pinIdentity } from '../records/account-links.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import {
  type AuthorizationTransaction,
  hasStoredEnd,
  holdTransaction,
  noteStoredEnd,
} from '../records/authorization-transactions.ts';
import { replaceGrant } from '../records/grants.ts';
import type { Settings } from '../records/settings.ts';
import { forgetTokenPause } from '../records/token-pauses.ts';
import { sealTokens } from '../stored-tokens.ts';
import { boundOrigins } from '../usable-grant.ts';
import type { Identified } from './identify.ts';

/** Time to store the tokens after the callback's budget is used up. Milliseconds. */
const storeGraceMs = 3_000;

/** How a flow ended: with a grant, or with another account. */
export interface Ended {
  /** The id of the grant, or of the mismatch record. */
  readonly id: string;
  readonly transaction: AuthorizationTransaction;
  readonly provider: AuthProvider;
  readonly settings: Settings;
  readonly link: AccountLink;
  readonly identified: Identified;
}

/**
 * Stores the outcome of a flow, unless the flow was ended meanwhile: by a deactivation, a new password, a revocation,
 * another endpoint, another link or pin. While the database is unavailable it retries, as the code is spent and Microsoft issues these
 * tokens only once.
 * @throws AppError authorization_state_invalid; DatabaseUnavailable
 */
export function storeEnd(
  { db }: Services,
  { id, transaction, provider, link, identified }: Ended,
  deadline: Deadline,
  store: (tx: Db) => Promise<void>,
): Promise<void> {
  const { signedIn, judgement } = identified;
  // Another authorization may have pinned an account since, and an administrator may have cleared a pin.
  const judgedSo = (present: AccountLink) =>
    present.microsoftAccountKey === link.microsoftAccountKey &&
    judgeAccount(present, signedIn).verdict === judgement.verdict;
  const storing = startDeadline(Math.max(deadline.remainingMs(), storeGraceMs));
  return untilAvailable(storing, () =>
    inTransaction(db, async (tx) => {
      // The connection may have been cut after the last try committed. A later change is not a failure of this flow.
      if (await hasStoredEnd(tx, transaction, id)) return;
      if (!(await holdTransaction(tx, transaction, judgedSo))) {
        throw new AppError('authorization_state_invalid', { suffix: provider.urlSuffix });
      }
      await store(tx);
      await noteStoredEnd(tx, transaction, id);
    }),
  );
}

/** Stores who signed in instead of the linked account, and no token. */
export async function recordMismatch(
  services: Services,
  tx: Db,
  actor: Actor,
  ended: Ended & { readonly authorizedAccount: string },
): Promise<void> {
  const { now } = services;
  const { id, transaction, provider, link, identified, authorizedAccount } = ended;
  const { tenantId, objectId } = identified.signedIn;
  await replaceGrant(tx, {
    id,
    accountId: transaction.accountId,
    providerId: provider.id,
    status: 'mismatch',
    sealedTokens: null,
    accessExpiresAt: null,
    clientId: null,
    secretSetAt: null,
    ...boundOrigins(ended),
    microsoftAccount: authorizedAccount,
    tenantId: tenantId ?? null,
    objectId: objectId ?? null,
    verifiedLinkKey: null,
    refutedLinkKey: link.microsoftAccountKey,
    authorizedAt: now(),
    refreshedAt: now(),
  });
  await auditFlow(services, tx, actor, transaction, 'authorization_mismatch', {
    kind: 'account_link',
    id: link.id,
    name: link.microsoftAccount,
    changes: [{ field: 'authorizedAccount', from: null, to: authorizedAccount }],
  });
}

/** The actor is the user of the flow, also in a pop-up of an embedded portlet, which has no session. */
async function auditFlow(
  { now }: Services,
  tx: Db,
  actor: Actor,
  { accountId }: AuthorizationTransaction,
  action: 'authorization_granted' | 'authorization_mismatch',
  target: AuditTarget,
): Promise<void> {
  const account = await findAccount(tx, accountId);
  const event = auditEventOf(actor, action, target);
  await saveOwnEvent(tx, { ...event, actorId: accountId, actorUsername: account?.username ?? null }, now());
}

export async function storeGrant(
  services: Services,
  tx: Db,
  actor: Actor,
  ended: Ended & {
    readonly tokens: Parameters<typeof sealTokens>[2];
    readonly expiresAt: Date;
  },
): Promise<void> {
  const { now } = services;
  const { transaction, provider, link, identified } = ended;
  const { userPrincipalName, tenantId, objectId } = identified.signedIn;
  const place = {
    id: ended.id,
    accountId: transaction.accountId,
    providerId: provider.id,
    ...boundOrigins(ended),
  };
  await replaceGrant(tx, {
    ...place,
    status: 'authorized',
    sealedTokens: sealTokens(services, place, ended.tokens),
    accessExpiresAt: ended.expiresAt,
    clientId: provider.consumerKey,
    secretSetAt: provider.consumerSecretSetAt,
    microsoftAccount: userPrincipalName ?? link.microsoftAccount,
    tenantId: tenantId ?? null,
    objectId: objectId ?? null,
    verifiedLinkKey: link.microsoftAccountKey,
    refutedLinkKey: null,
    authorizedAt: now(),
    refreshedAt: now(),
  });
  if (objectId !== undefined) await pinIdentity(tx, link, { tenantId: tenantId ?? null, objectId });
  await forgetTokenPause(tx, provider.id);
  await auditFlow(services, tx, actor, transaction, 'authorization_granted', {
    kind: 'account_link',
    id: link.id,
    name: userPrincipalName ?? link.microsoftAccount,
  });
}
