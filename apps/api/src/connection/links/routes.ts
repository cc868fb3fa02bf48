import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import type { FastifyInstance } from 'fastify';
import { actingBy } from '../../accounts/acting.ts';
import { changeAccounts } from '../../accounts/change-accounts.ts';
import { requireReauthentication } from '../../accounts/reauthentication.ts';
import { findAccountByUsername, lockAccount } from '../../accounts/records/accounts.ts';
import { endFlowsOf } from '../../accounts/records/begun-flows.ts';
import { accessOf, changeAs } from '../../accounts/standing-access.ts';
import { audit, changedFields } from '../../audit/audit.ts';
import { type Db, uniqueViolation } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { keysetPage } from '../../platform/http/page-of.ts';
import { AppError, invalidFields, takenFields } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { listAccountLinks } from '../records/account-link-list.ts';
import {
  type AccountLink,
  clearPins,
  deleteAccountLink,
  findLinkedAccount,
  findLinkOf,
  findUsernameLinkedTo,
  type LinkedAccount,
  lockLinkOf,
  updateAccountLink,
} from '../records/account-links.ts';
import { currentProviderId } from '../records/connector.ts';
import { forgetKept } from '../records/forget-kept.ts';
import { forgetMismatches } from '../records/grants.ts';
import { revokeGrants } from '../records/revoke-grants.ts';
import { accountLinkView } from './account-link-view.ts';
import { linkAccount, requireMayLink } from './link-account.ts';
import { parseAccountLink, parseMicrosoftAccountChange } from './parse-account-link.ts';

function unknownAccount(): AppError {
  return invalidFields([{ field: 'username', code: 'account_unknown' }]);
}

/** アカウント情報: which portal account belongs to which Microsoft 365 account, and the state of its authorization. */
export async function accountLinkRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/account-links', async ({ query, request }) => {
    const { sort = 'displayName', order = 'asc', q, state } = query;
    const providerId = await currentProviderId(db);
    const page = keysetPage(query);
    const { items, ...reply } = await listAccountLinks(db, providerId, { q, state }, { sort, order }, page);
    return { items: items.map((item) => accountLinkView(item, request.language)), pageSize: page.pageSize, ...reply };
  });

  endpoint(app, 'POST /api/admin/account-links', async ({ body, request }): Promise<AccountLinkView> => {
    const { username, microsoftAccount } = parseAccountLink(body);
    const account = await findAccountByUsername(db, username);
    if (!account || (body.accountId !== undefined && body.accountId !== account.id)) throw unknownAccount();
    const link = await refusingTaken(microsoftAccount, account.id, () =>
      changeAccounts(db, accessOf(request), now(), async (tx) => {
        // Another administrator may have deleted the account meanwhile.
        if (!(await lockAccount(tx, account.id))) throw unknownAccount();
        return linkAccount(tx, actingBy(request, now()), account, microsoftAccount);
      }),
    );
    return accountLinkView(await requireLink(link.id), request.language);
  });

  endpoint(app, 'PUT /api/admin/account-links/:id', async ({ params, body, request }): Promise<AccountLinkView> => {
    const standing = await requireLink(params.id);
    const microsoftAccount = parseMicrosoftAccountChange(body, standing.link.microsoftAccount);
    await refusingTaken(microsoftAccount, null, () =>
      changeAccounts(db, accessOf(request), now(), async (tx) => {
        const { link: before, account } = await requireLink(params.id, tx);
        if (before.version !== body.version) throw new AppError('record_changed');
        const isOther = accountKey(microsoftAccount) !== before.microsoftAccountKey;
        // These flows started under the former link.
        if (isOther) await endFlowsOf(tx, account.id);
        const after = await updateAccountLink(tx, { ...before, version: body.version }, microsoftAccount);
        if (!after) throw new AppError('record_changed');
        await requireMayLink(tx, actingBy(request, now()), after);
        // The grant stays: it is suspended while the link names another account, and fits again when the link is
        // restored.
        if (isOther) await forgetKept(tx, account.id);
        await audit(tx, request, 'account_link_changed', {
          kind: 'account_link',
          id: after.id,
          name: account.username,
          changes: [...changedFields(before, after, ['microsoftAccount']), ...(isOther ? unpinned(before) : [])],
        });
      }),
    );
    return accountLinkView(await requireLink(params.id), request.language);
  });

  endpoint(app, 'DELETE /api/admin/account-links/:id', async ({ params, request }) => {
    await changeAccounts(db, accessOf(request), now(), async (tx) => {
      const { link, account } = await requireLink(params.id, tx);
      await endFlowsOf(tx, account.id);
      await deleteAccountLink(tx, link.id);
      await forgetKept(tx, account.id);
      await audit(tx, request, 'account_link_deleted', {
        kind: 'account_link',
        id: link.id,
        name: account.username,
        changes: [{ field: 'microsoftAccount', from: link.microsoftAccount, to: null }, ...unpinned(link)],
      });
    });
    return null;
  });

  endpoint(app, 'DELETE /api/admin/account-links/:id/authorization', async ({ params, request }) => {
    await changeAs(db, accessOf(request), async (tx) => {
      const { link, account } = await requireLink(params.id, tx);
      await lockAccount(tx, account.id);
      const before = await lockLinkOf(tx, account.id);
      const revoked = await revokeGrants(tx, account.id);
      const isUnpinned = await clearPins(tx, link.id);
      if (!revoked && !isUnpinned) return;
      const target = { kind: 'account', id: account.id, name: account.username };
      await audit(tx, request, 'authorization_revoked', { ...target, changes: before ? unpinned(before) : [] });
    });
    return null;
  });

  endpoint(app, 'DELETE /api/admin/account-links/:id/pinned-identity', async ({ params, request }) => {
    // It serves to accept another account of that name, and keeps the user's grant: nobody would notice. A revocation and another link
    // forget the account's id as well; they end what the user sees.
    requireReauthentication(request, now());
    await changeAs(db, accessOf(request), async (tx) => {
      const { link, account } = await requireLink(params.id, tx);
      await lockAccount(tx, account.id);
      const before = await lockLinkOf(tx, account.id);
      if (!before) return;
      // What was found out about the other account is no longer valid; a grant of the linked one is. A user who is at
      // Microsoft now was judged by the former id, or will be judged by none.
      await endFlowsOf(tx, account.id);
      await forgetMismatches(tx, account.id);
      if (!(await clearPins(tx, link.id))) return;
      await audit(tx, request, 'account_pin_cleared', {
        kind: 'account_link',
        id: link.id,
        name: account.username,
        changes: unpinned(before),
      });
    });
    return null;
  });

  async function requireLink(id: string, on: Db = db): Promise<LinkedAccount> {
    const found = await findLinkedAccount(on, await currentProviderId(on), id);
    if (!found) throw new AppError('not_found');
    return found;
  }

  /**
   * Runs a write; a conflicting link becomes an error at its field that names the other side.
   * @param newAccountId the portal account to link, where it had no link before
   */
  async function refusingTaken<T>(
    microsoftAccount: string,
    newAccountId: string | null,
    write: () => Promise<T>,
  ): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!uniqueViolation(error)) throw error;
      const own = newAccountId === null ? null : await findLinkOf(db, newAccountId);
      const other = await findUsernameLinkedTo(db, microsoftAccount);
      throw takenFields([
        ...(own
          ? [{ field: 'username', code: 'account_linked' as const, values: { other: own.microsoftAccount } }]
          : []),
        ...(other ? [{ field: 'microsoftAccount', code: 'upn_linked' as const, values: { other } }] : []),
      ]);
    }
  }
}

/** For the audit log: the account's id at Microsoft is forgotten, and the next account of the linked name will be accepted. */
function unpinned({ pinnedObjectId: from }: Pick<AccountLink, 'pinnedObjectId'>) {
  return from === null ? [] : [{ field: 'objectId', from, to: null }];
}
