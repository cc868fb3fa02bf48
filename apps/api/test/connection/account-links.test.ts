import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authorizationState } from '../../src/connection/connection-state.ts';
import { listAccountLinks } from '../../src/connection/records/account-link-list.ts';
import { createAccountLink } from '../../src/connection/records/account-links.ts';
import { findAuthProviderBySuffix } from '../../src/connection/records/auth-providers.ts';
import { type Grant, replaceGrant } from '../../src/connection/records/grants.ts';
import { type Browser, suffix } from '../support/build-app.ts';
import { linkOf } from '../support/change-link.ts';
import { fieldsOf } from '../support/fields-of.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const taro = { username: 'taro@argus.example', microsoftAccount: 'taro.yamada@contoso.example' };
const hanako = { username: 'hanako@argus.example', microsoftAccount: 'hanako.sato@contoso.example' };

stageConnected();
beforeAll(async () => {
  await argus.addAccount(taro.username);
  await argus.addAccount(hanako.username);
});
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.accountLink.deleteMany({});
  await prisma.grant.deleteMany({});
  await prisma.mailCache.deleteMany({});
  await prisma.signInThrottle.deleteMany({});
});

const link = (body: { username: string; microsoftAccount: string }) =>
  admin.call('POST /api/admin/account-links', { body });
const rowOf = (username: string) => linkOf(admin, username);

describe('adding', () => {
  test('links a portal account to a Microsoft 365 account, and writes it to the audit log', async () => {
    const created = await link({
      username: ' ＴＡＲＯ@argus.example',
      microsoftAccount: ' Taro.Yamada＠contoso.example ',
    });
    expect(created).toMatchObject({
      username: taro.username,
      microsoftAccount: 'Taro.Yamada@contoso.example',
      state: 'not_authorized',
      authorizedAccount: null,
      hint: null,
      lastSuccessAt: null,
      lastError: null,
      accountActive: true,
      version: 1,
    });
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'account_link_created' } });
    expect(items[0]).toMatchObject({
      actorUsername: 'admin@argus.example',
      targetName: taro.username,
      changes: [{ field: 'microsoftAccount', from: null, to: 'Taro.Yamada@contoso.example' }],
    });
  });

  test.each([
    ['an unknown portal account', { username: 'nobody@argus.example' }, 'username', 'account_unknown'],
    ['no portal account', { username: '' }, 'username', 'required'],
    ['no Microsoft 365 account', { microsoftAccount: ' ' }, 'microsoftAccount', 'required'],
    ['a Microsoft 365 account without @', { microsoftAccount: 'taro' }, 'microsoftAccount', 'upn_malformed'],
    ['one with a blank', { microsoftAccount: 'taro yamada@contoso.example' }, 'microsoftAccount', 'upn_malformed'],
    [
      'one with an invisible character',
      { microsoftAccount: 'taro\u200b@contoso.example' },
      'microsoftAccount',
      'upn_malformed',
    ],
    ['one without a local part', { microsoftAccount: '@contoso.example' }, 'microsoftAccount', 'upn_malformed'],
    ['one with a path', { microsoftAccount: 'a@b@contoso.example' }, 'microsoftAccount', 'upn_malformed'],
    [
      'one of 321 letters',
      { microsoftAccount: `${'a'.repeat(304)}@contoso.example.x` },
      'microsoftAccount',
      'too_long',
    ],
  ])('%s is refused at its field', async (_, change, field, code) => {
    const problem = await admin.fails('POST /api/admin/account-links', { body: { ...taro, ...change } });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(fieldsOf(problem)).toEqual([[field, code]]);
    expect(await argus.database.prisma.accountLink.count()).toBe(0);
  });

  test('a guest account of another organisation is a Microsoft 365 account too', async () => {
    const guest = 'taro_fabrikam.example#EXT#@contoso.onmicrosoft.example';
    expect(await link({ ...taro, microsoftAccount: guest })).toMatchObject({ microsoftAccount: guest });
  });

  test('each side can be linked only once, in any spelling, and the error names the other side', async () => {
    await link(taro);
    const ownTaken = await admin.fails('POST /api/admin/account-links', {
      body: { username: 'TARO@argus.example', microsoftAccount: 'other@contoso.example' },
    });
    expect(ownTaken).toMatchObject({ status: 409, code: 'value_taken' });
    expect(ownTaken.fields).toEqual([
      {
        field: 'username',
        code: 'account_linked',
        message: 'このSalesforceアカウントには、既に taro.yamada@contoso.example が紐づけられています。',
      },
    ]);
    const otherTaken = await admin.fails('POST /api/admin/account-links', {
      body: { username: hanako.username, microsoftAccount: 'ＴＡＲＯ．yamada@CONTOSO.example' },
    });
    expect(otherTaken.fields).toMatchObject([
      { field: 'microsoftAccount', code: 'upn_linked', message: expect.stringContaining(taro.username) },
    ]);
    await link(hanako);
    const both = await admin.fails('POST /api/admin/account-links', {
      body: { username: taro.username, microsoftAccount: hanako.microsoftAccount },
    });
    expect(fieldsOf(both)).toEqual([
      ['username', 'account_linked'],
      ['microsoftAccount', 'upn_linked'],
    ]);
    expect(await argus.database.prisma.accountLink.count()).toBe(2);
  });

  test('of ten administrators who add the same link concurrently, one succeeds and the others get an error', async () => {
    const { csrfToken } = await admin.call('GET /api/session');
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        admin.send('POST', '/api/admin/account-links', { body: taro, headers: { 'x-csrf-token': csrfToken } }),
      ),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(409)]);
  });
});

describe('an authorized link', () => {
  let user: Browser;
  beforeEach(async () => {
    user = await argus.signedIn(taro.username);
    await link(taro);
    await user.authorize('taro.yamada@contoso.example');
    await user.call('GET /api/new-arrivals');
  });
  const change = async (microsoftAccount: string) => {
    const { id, version } = await rowOf(taro.username);
    return admin.call('PUT /api/admin/account-links/:id', { params: { id }, body: { microsoftAccount, version } });
  };
  const keptMail = () => argus.database.prisma.mailCache.count();
  const stored = () =>
    argus.database.prisma.accountLink.findFirstOrThrow({ where: { account: { usernameKey: taro.username } } });

  test('shows who is authorized and when mail was last fetched', async () => {
    expect(await rowOf(taro.username)).toMatchObject({
      state: 'authorized',
      authorizedAccount: taro.microsoftAccount,
      lastSuccessAt: expect.any(String),
      lastError: null,
      hint: null,
    });
    expect(await keptMail()).toBe(1);
    expect((await stored()).pinnedObjectId).toEqual(expect.any(String));
  });

  test('shows the last error, without the details of the error log', async () => {
    await argus.database.prisma.grant.updateMany({ data: { lastErrorCode: 'mail_rejected', lastErrorAt: new Date() } });
    const { lastError } = await rowOf(taro.username);
    expect(lastError).toMatchObject({ code: 'mail_rejected', message: expect.stringContaining('メールの取得に失敗') });
    expect(lastError?.message).not.toMatch(/[{}]/);
  });

  test('suspends the authorization when it is changed: no mail, nothing stored, no pin; restoring revives it', async () => {
    expect(await change('jiro.suzuki@contoso.example')).toMatchObject({
      microsoftAccount: 'jiro.suzuki@contoso.example',
      authorizedAccount: taro.microsoftAccount,
      hint: 'link_changed',
    });
    // S-3: nothing has shown yet whose account it is.
    expect(await user.call('GET /api/authorization')).toMatchObject({ confirmed: false });
    expect(await keptMail()).toBe(0);
    expect(await stored()).toMatchObject({ pinnedTenantId: null, pinnedObjectId: null });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_account_mismatch' });
    expect(await rowOf(taro.username)).toMatchObject({ state: 'mismatch', authorizedAccount: taro.microsoftAccount });
    await change(taro.microsoftAccount);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized', confirmed: true });
    expect(await rowOf(taro.username)).toMatchObject({ state: 'authorized' });
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  });

  test('stays as it is when only the spelling changes, and the administrator is told that the case differs', async () => {
    const { pinnedObjectId } = await stored();
    expect(await change('TARO.Yamada@contoso.example')).toMatchObject({ state: 'authorized', hint: 'case_differs' });
    expect(await stored()).toMatchObject({ pinnedObjectId });
    expect(await keptMail()).toBe(1);
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  });

  test('reports that the account was renamed at Microsoft', async () => {
    await argus.database.prisma.grant.updateMany({ data: { microsoftAccount: 'taro.tanaka@contoso.example' } });
    expect(await rowOf(taro.username)).toMatchObject({ state: 'authorized', hint: 'upn_renamed' });
  });

  test('suspends the authorization when it is removed, deletes nothing of it, and revives it when it is restored', async () => {
    const { id } = await rowOf(taro.username);
    await admin.call('DELETE /api/admin/account-links/:id', { params: { id } });
    expect(await keptMail()).toBe(0);
    expect(await argus.database.prisma.grant.count()).toBe(1);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_linked' });
    await link(taro);
    expect(await rowOf(taro.username)).toMatchObject({ state: 'authorized' });
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'account_link_deleted' } });
    expect(items[0]).toMatchObject({ targetName: taro.username });
  });

  test('認証の取消 by an administrator deletes tokens, stored mail and the pin', async () => {
    const { id } = await rowOf(taro.username);
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id } });
    expect(await argus.database.prisma.grant.count()).toBe(0);
    expect(await keptMail()).toBe(0);
    expect(await stored()).toMatchObject({ pinnedTenantId: null, pinnedObjectId: null });
    expect(await rowOf(taro.username)).toMatchObject({ state: 'not_authorized', authorizedAccount: null });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'authorization_revoked' } });
    expect(items[0]).toMatchObject({ actorUsername: 'admin@argus.example', targetName: taro.username });
  });

  test('認証の取消 clears a recorded mismatch', async () => {
    await admin.call('DELETE /api/admin/account-links/:id/authorization', {
      params: { id: (await rowOf(taro.username)).id },
    });
    await user.authorize('hanako.sato@contoso.example');
    const row = await rowOf(taro.username);
    expect(row).toMatchObject({ state: 'mismatch', authorizedAccount: 'hanako.sato@contoso.example' });
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: row.id } });
    expect(await rowOf(taro.username)).toMatchObject({ state: 'not_authorized' });
  });

  test('is not changed by an outdated form, nor to an account that is already linked', async () => {
    const { id, version } = await rowOf(taro.username);
    const params = { id };
    await change('jiro.suzuki@contoso.example');
    const stale = await admin.fails('PUT /api/admin/account-links/:id', {
      params,
      body: { microsoftAccount: 'saburo.ito@contoso.example', version },
    });
    expect(stale).toMatchObject({ status: 409, code: 'record_changed' });
    await link(hanako);
    const taken = await admin.fails('PUT /api/admin/account-links/:id', {
      params,
      body: { microsoftAccount: hanako.microsoftAccount, version: version + 1 },
    });
    expect(fieldsOf(taken)).toEqual([['microsoftAccount', 'upn_linked']]);
    expect((await stored()).microsoftAccount).toBe('jiro.suzuki@contoso.example');
  });
});

describe('the list', () => {
  /** Every combination of facts that a state is derived from. */
  async function seedEveryState() {
    const { prisma } = argus.database;
    const provider = await findAuthProviderBySuffix(prisma, suffix);
    if (!provider) throw new Error('the provider is missing');
    const statuses: Grant['status'][] = ['authorized', 'reconnect_needed', 'mismatch'];
    let n = 0;
    for (const status of [undefined, ...statuses]) {
      for (const verified of [null, 'own', 'other']) {
        for (const refuted of [null, 'own', 'other']) {
          n += 1;
          const accountId = await argus.addAccount(`state${n}@argus.example`);
          const own = `state${n}@contoso.example`;
          await createAccountLink(prisma, accountId, own);
          const keyOf = (which: string | null) => (which === null ? null : which === 'own' ? own : `other-${own}`);
          if (status === undefined) continue;
          await replaceGrant(prisma, {
            id: crypto.randomUUID(),
            accountId,
            providerId: provider.id,
            status,
            sealedTokens: null,
            tokenOrigin: null,
            mailOrigin: null,
            accessExpiresAt: null,
            clientId: null,
            secretSetAt: null,
            microsoftAccount: own,
            tenantId: null,
            objectId: null,
            verifiedLinkKey: keyOf(verified),
            refutedLinkKey: keyOf(refuted),
            authorizedAt: new Date(),
            refreshedAt: new Date(),
          });
        }
      }
    }
    return { providerId: provider.id, count: n };
  }

  test('finds by state exactly the links that are shown in that state, for every combination of facts', async () => {
    const { prisma } = argus.database;
    const { providerId, count } = await seedEveryState();
    const states = ['not_linked', 'not_authorized', 'authorized', 'mismatch', 'reconnect_needed'] as const;
    const page = { pageSize: 200 };
    const order = { sort: 'username', order: 'asc' } as const;
    const all = await listAccountLinks(prisma, providerId, {}, order, page);
    expect(all.items).toHaveLength(count);
    for (const state of states) {
      const expected = all.items.filter((item) => authorizationState(item.link, item.grant) === state);
      const found = await listAccountLinks(prisma, providerId, { state }, order, page);
      expect(found.items.map((item) => item.link.id)).toEqual(expected.map((item) => item.link.id));
      expect(found.total).toEqual({ count: expected.length, exact: true });
      if (state !== 'not_linked') expect(expected.length).toBeGreaterThan(0);
      const { items } = await admin.call('GET /api/admin/account-links', { query: { state, pageSize: 200 } });
      expect(items.every((item) => item.state === state)).toBe(true);
      expect(items).toHaveLength(expected.length);
    }
    // Grants at another provider are dormant.
    const without = await listAccountLinks(prisma, null, { state: 'not_authorized' }, order, page);
    expect(without.total).toEqual({ count, exact: true });
    await prisma.account.deleteMany({ where: { usernameKey: { startsWith: 'state' } } });
  });

  test('people 18: is searched for parts of all three names, and %, _ and \\ are characters like any other', async () => {
    await link(taro);
    await link({ ...hanako, microsoftAccount: 'Sales_100%@contoso.example' });
    await argus.database.prisma.account.updateMany({
      where: { usernameKey: taro.username },
      data: { displayName: '山田　ﾀﾛｳ', displayNameKey: '山田 タロウ' },
    });
    const found = async (q: string) =>
      (await admin.call('GET /api/admin/account-links', { query: { q } })).items.map(({ username }) => username);
    expect(await found('山田　タ')).toEqual([taro.username]);
    expect(await found('ＴＡＲＯ')).toEqual([taro.username]);
    expect(await found('taro.Y')).toEqual([taro.username]);
    expect(await found('yamada')).toEqual([taro.username]);
    expect(await found('太郎')).toEqual([]);
    expect(await found('sales_100%@')).toEqual([hanako.username]);
    expect(await found('sales_1_0')).toEqual([]);
    expect(await found('%')).toEqual([hanako.username]);
    expect(await found('_')).toEqual([hanako.username]);
    expect(await found('\\')).toEqual([]);
    expect(await found(' ')).toHaveLength(2);
  });

  test('is sorted and paged on the server', async () => {
    await link(taro);
    await link(hanako);
    await link({ username: 'admin@argus.example', microsoftAccount: 'admin@contoso.example' });
    const order = async (query: Record<string, string | number>) => {
      const { items, total } = await admin.call('GET /api/admin/account-links', { query });
      expect(total).toEqual({ count: 3, exact: true });
      return items.map(({ username }) => username.split('@')[0]);
    };
    expect(await order({ sort: 'username' })).toEqual(['admin', 'hanako', 'taro']);
    expect(await order({ sort: 'username', order: 'desc' })).toEqual(['taro', 'hanako', 'admin']);
    expect(await order({ sort: 'microsoftAccount', order: 'desc' })).toEqual(['taro', 'hanako', 'admin']);
    expect(await order({ sort: 'updatedAt' })).toEqual(['taro', 'hanako', 'admin']);
    const query = { sort: 'username', pageSize: 2 };
    const { next } = await admin.call('GET /api/admin/account-links', { query });
    expect(await order({ ...query, after: next ?? '' })).toEqual(['taro']);
    const user = await argus.signedIn(hanako.username);
    await user.authorize('hanako.sato@contoso.example');
    await user.call('GET /api/new-arrivals');
    // A link that was never used is last in either order.
    expect((await order({ sort: 'lastSuccessAt' }))[0]).toBe('hanako');
    expect((await order({ sort: 'lastSuccessAt', order: 'desc' }))[0]).toBe('hanako');
  });

  test('shows every state without asking Microsoft, even with a broken provider and unreadable tokens', async () => {
    await link(taro);
    const user = await argus.signedIn(taro.username);
    await user.authorize('taro.yamada@contoso.example');
    await argus.database.prisma.grant.updateMany({ data: { sealedTokens: 'v1.gone.AAAA.AAAA.AAAA' } });
    await argus.database.prisma.authProvider.updateMany({ data: { sealedConsumerSecret: 'broken' } });
    const before = argus.fake.control.requests().length;
    expect(await rowOf(taro.username)).toMatchObject({ state: 'authorized' });
    expect(argus.fake.control.requests().length).toBe(before);
  });
});

test('S-15: a link that is put back goes to the account that lost it, not to one that has got its name since', async () => {
  const former = await argus.addAccount('put-back@argus.example');
  const { version } = await argus.services.db.account.findUniqueOrThrow({ where: { id: former } });
  await admin.proveSelf();
  await admin.call('PUT /api/admin/users/:id', {
    params: { id: former },
    body: {
      username: 'renamed@argus.example',
      displayName: 'x',
      role: 'user',
      salesforceId: null,
      active: true,
      version,
    },
  });
  const other = await argus.addAccount('put-back@argus.example');
  const link = { username: 'put-back@argus.example', microsoftAccount: 'put-back@contoso.example' };
  const refused = await admin.fails('POST /api/admin/account-links', { body: { ...link, accountId: former } });
  expect(refused.fields).toMatchObject([{ field: 'username' }]);
  const created = await admin.call('POST /api/admin/account-links', { body: { ...link, accountId: other } });
  expect(created.accountId).toBe(other);
});
