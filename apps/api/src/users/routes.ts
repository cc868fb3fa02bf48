import { accountKey } from '@argus/contract/account-key';
import type { UserView } from '@argus/contract/endpoints/users/users';
import type { FastifyInstance } from 'fastify';
import { actingBy } from '../accounts/acting.ts';
import { changeAccounts } from '../accounts/change-accounts.ts';
import { hashPassword, judgePassword } from '../accounts/password.ts';
import { requireMayChangeAdmins, requireReauthentication } from '../accounts/reauthentication.ts';
import { listAccounts } from '../accounts/records/account-list.ts';
import {
  type Account,
  createAccount,
  deleteAccount,
  findAccount,
  lockAccount,
  lockForDeletion,
  lockUsableAdmins,
  updateAccount,
} from '../accounts/records/accounts.ts';
import { invitedUntil } from '../accounts/records/invitations.ts';
import { setPassword } from '../accounts/set-password.ts';
import { accessOf, requireStanding } from '../accounts/standing-access.ts';
import { audit, changedFields } from '../audit/audit.ts';
import { accountLinkView } from '../connection/links/account-link-view.ts';
import { linkAccount } from '../connection/links/link-account.ts';
import { findLinkedAccount, findLinkOf, findUsernameLinkedTo } from '../connection/records/account-links.ts';
import { currentProviderId } from '../connection/records/connector.ts';
import { endAccess } from '../connection/records/end-access.ts';
import { hasAnyGrant } from '../connection/records/grants.ts';
import { type Db, uniqueViolation } from '../platform/database/db.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { keysetPage } from '../platform/http/page-of.ts';
import { readForm } from '../platform/http/read-form.ts';
import { AppError, type FieldError, takenFields } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { parseNewUser, parseUserChange } from './parse-user.ts';

const auditedFields = ['username', 'displayName', 'reading', 'role', 'salesforceId', 'active'] as const;

/** 利用者: portal accounts. */
export async function userRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/users', async ({ query }) => {
    const page = keysetPage(query);
    const { sort = 'displayName', order = 'asc', ...filter } = query;
    const { items, ...reply } = await listAccounts(db, { filter, order: { sort, order }, page, now: now() });
    return { items: await userViews(items), pageSize: page.pageSize, ...reply };
  });

  endpoint(app, 'GET /api/admin/users/:id/overview', async ({ params, request }) => {
    const account = await findAccount(db, params.id);
    if (!account) throw new AppError('not_found');
    const link = await findLinkOf(db, account.id);
    const linked = link && (await findLinkedAccount(db, await currentProviderId(db), link.id));
    return { user: await viewOf(account), link: linked ? accountLinkView(linked, request.language) : null };
  });

  endpoint(app, 'POST /api/admin/users', async ({ body, request }) => {
    const { fields, password, microsoftAccount } = parseNewUser(body);
    // Whoever sets the password of an account can sign in to it: also of one that somebody else expects under this name.
    requireReauthentication(request, now());
    const passwordHash = password === null ? null : await hashPassword(password);
    const account = await refusingTaken({ db, microsoftAccount }, () =>
      changeAccounts(db, accessOf(request), now(), async (tx) => {
        const created = await createAccount(tx, { ...fields, passwordHash });
        const { id, username } = created;
        const changes = [
          { field: 'role', from: null, to: created.role },
          { field: 'displayName', from: null, to: created.displayName },
        ];
        await audit(tx, request, 'user_created', { kind: 'account', id, name: username, changes });
        if (microsoftAccount !== null) await linkAccount(tx, actingBy(request, now()), created, microsoftAccount);
        return created;
      }),
    );
    return userView(account, undefined);
  });

  endpoint(app, 'PUT /api/admin/users/:id', async ({ params, body, request }) => {
    const standing = await findAccount(db, params.id);
    if (!standing) throw new AppError('not_found');
    const change = parseUserChange(body, standing);
    const account = await refusingTaken({ db, microsoftAccount: null }, () =>
      changeAccounts(
        db,
        accessOf(request),
        now(),
        async (tx) => {
          // Serializes changes of administrators, so that each sees who is left.
          const admins = await lockUsableAdmins(tx);
          // Another administrator may have held the lock and ended this one's access.
          await requireStanding(tx, accessOf(request));
          const before = await findAccount(tx, params.id);
          if (!before) throw new AppError('not_found');
          if (before.version !== body.version) throw new AppError('record_changed');
          const staysAdmin = change.role === 'admin' && change.active;
          if (!staysAdmin && admins.length === 1 && admins[0] === before.id) {
            throw new AppError('last_admin_protected');
          }
          requireMayChangeAdmins(request, now(), { before, after: change });
          // Its owner could no longer sign in, and another could get the name that the owner knows.
          if (accountKey(change.username) !== accountKey(before.username)) requireReauthentication(request, now());
          const after = await updateAccount(tx, before.id, body.version, change);
          if (!after) throw new AppError('record_changed');
          const changes = changedFields(before, after, auditedFields);
          if (!after.active) await endAccess(tx, after.id, 'deactivation');
          else if (before.role !== after.role) await endAccess(tx, after.id, 'other_role_too');
          await audit(tx, request, 'user_changed', { kind: 'account', id: after.id, name: after.username, changes });
          return after;
        },
        params.id,
      ),
    );
    return viewOf(account);
  });

  endpoint(app, 'DELETE /api/admin/users/:id', async ({ params, request }) => {
    await changeAccounts(
      db,
      accessOf(request),
      now(),
      async (tx) => {
        const account = await lockForDeletion(tx, params.id);
        if (!account) throw new AppError('not_found');
        // Its invitation ends with it, and it may be an administrator's.
        requireReauthentication(request, now());
        const { id, username, passwordHash, lastSignInAt } = account;
        // Records of whoever has used an account must keep leading to it.
        if (passwordHash !== null || lastSignInAt !== null || (await hasAnyGrant(tx, id)))
          throw new AppError('user_was_used');
        await endAccess(tx, id, 'deactivation');
        await deleteAccount(tx, id);
        const changes = [
          { field: 'role', from: account.role, to: null },
          { field: 'displayName', from: account.displayName, to: null },
        ];
        await audit(tx, request, 'user_deleted', { kind: 'account', id, name: username, changes });
      },
      params.id,
    );
    return null;
  });

  endpoint(app, 'PUT /api/admin/users/:id/password', async ({ params, body, request }) => {
    const account = await findAccount(db, params.id);
    if (!account) throw new AppError('not_found');
    // Whoever sets the password of an account can sign in to it.
    requireReauthentication(request, now());
    const password = readForm((form) => judgePassword(form, 'password', body.password, account.username));
    const passwordHash = await hashPassword(password);
    await changeAccounts(
      db,
      accessOf(request),
      now(),
      async (tx) => {
        // The undo of an import may have deleted the account meanwhile.
        const present = await lockAccount(tx, account.id);
        if (!present) throw new AppError('not_found');
        await setPassword(tx, present, passwordHash);
        await audit(tx, request, 'password_set', { kind: 'account', id: present.id, name: present.username });
      },
      account.id,
    );
    return null;
  });

  async function viewOf(account: Account): Promise<UserView> {
    const [view] = await userViews([account]);
    return view ?? userView(account, undefined);
  }

  async function userViews(accounts: readonly Account[]): Promise<UserView[]> {
    const waiting = accounts.filter(({ active, passwordHash }) => active && passwordHash === null);
    const invited = await invitedUntil(
      db,
      waiting.map(({ id }) => id),
      now(),
    );
    return accounts.map((account) => userView(account, invited.get(account.id)));
  }
}

/** Runs a write; a value that another account has becomes an error at its field. */
async function refusingTaken<T>(
  { db, microsoftAccount }: { readonly db: Db; readonly microsoftAccount: string | null },
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const columns = uniqueViolation(error);
    if (!columns) throw error;
    const other = microsoftAccount === null ? null : await findUsernameLinkedTo(db, microsoftAccount);
    if (columns.includes('microsoftAccountKey') && other !== null) {
      throw takenFields([{ field: 'microsoftAccount', code: 'upn_linked', values: { other } }]);
    }
    const taken: FieldError = columns.includes('salesforceId')
      ? { field: 'salesforceId', code: 'salesforce_id_taken' }
      : { field: 'username', code: 'username_taken' };
    throw takenFields([taken]);
  }
}

function userView(account: Account, invited: Date | undefined): UserView {
  const {
    id,
    username,
    displayName,
    reading,
    role,
    salesforceId,
    active,
    passwordHash,
    lastSignInAt,
    version,
    updatedAt,
  } = account;
  return {
    id,
    username,
    displayName,
    reading,
    role,
    salesforceId,
    active,
    hasPassword: passwordHash !== null,
    invitedUntil: invited?.toISOString() ?? null,
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    version,
    updatedAt: updatedAt.toISOString(),
  };
}
