import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { present } from '@argus/fields/present';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../support/build-app.ts';
import { company, linkFile, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, rowsOf, undo, upload } from '../support/csv-upload.ts';

const taroUpn = demoUsers.taro.userPrincipalName;
const hanakoUpn = demoUsers.hanako.userPrincipalName;
const refresh = { query: { refresh: true } };
let taro: Browser;
let hanako: Browser;

stageCompany(['taro', 'hanako', 'jiro']);
beforeAll(async () => {
  taro = await company.argus.signedIn(usernameOf('taro'));
  hanako = await company.argus.signedIn(usernameOf('hanako'));
});
beforeEach(async () => {
  await company.argus.database.prisma.mailCache.deleteMany({});
  await company.link({ taro: taroUpn, hanako: hanakoUpn, jiro: 'jiro@contoso.example' });
  await taro.authorize(taroUpn);
  await hanako.authorize(hanakoUpn);
  expect((await taro.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
});

/** How many mails the portlet shows, or the row of the customer's table that it shows instead. */
async function mailOf(browser: Browser): Promise<{ mails: number; code?: string }> {
  const { body } = await browser.send('GET', '/api/new-arrivals?refresh=true');
  const { items, code } = body as { items?: unknown[]; code?: string };
  return { mails: items?.length ?? 0, ...present({ code }) };
}
const authorizations = () =>
  company.argus.fake.control.requests().filter(({ path }) => path.includes('/authorize')).length;

describe('CSV取込: the users who lose their connection', () => {
  test('the preview counts and names the authorized users whose account changes, and nobody else', async () => {
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 'other@contoso.example'],
        ['jiro', 'jiro2@contoso.example'],
        ['hanako', hanakoUpn.toUpperCase()],
      ),
    );
    expect(found.counts).toMatchObject({ changed: 2, respelled: 1, disconnected: 1 });
    const { items } = await company.admin.call('GET /api/admin/csv-imports/:id/rows', {
      params: { id: String(found.id) },
      query: { kind: 'changed', disconnects: true },
    });
    expect(items.map(({ username, disconnects }) => [username, disconnects])).toEqual([[usernameOf('taro'), true]]);
    const replaced = await upload(company.admin, linkFile(['taro', taroUpn]), { mode: 'replace' });
    expect(replaced.counts).toMatchObject({ removed: 2, disconnected: 1 });
    const removed = await rowsOf(company.admin, replaced, 'removed');
    expect(removed.map(({ username, disconnects }) => [username, disconnects])).toEqual([
      [usernameOf('hanako'), true],
      [usernameOf('jiro'), false],
    ]);
  });

  test('a grant for another link, one that awaits a new authorization, or one of another provider does not count', async () => {
    const db = company.argus.database.prisma;
    const changed = async () =>
      (await upload(company.admin, linkFile(['taro', 'other@contoso.example']))).counts?.disconnected;
    expect(await changed()).toBe(1);
    await db.grant.updateMany({ data: { verifiedLinkKey: 'before@contoso.example' } });
    expect(await changed()).toBe(0);
    await db.grant.updateMany({ data: { verifiedLinkKey: taroUpn.toLowerCase(), status: 'reconnect_needed' } });
    expect(await changed()).toBe(0);
    await db.grant.updateMany({ data: { status: 'authorized' } });
    const provider = await db.authProvider.findFirstOrThrow();
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = provider;
    const other = await db.authProvider.create({
      data: { ...rest, name: 'Other', urlSuffix: 'Other', urlSuffixKey: 'other' } as never,
    });
    await db.grant.updateMany({ data: { providerId: other.id } });
    expect(await changed()).toBe(0);
    await db.authProvider.delete({ where: { id: other.id } });
  });

  test('CSV18: after apply the portlet shows no mail, after undo the mail is there again without a new authorization', async () => {
    for (const [mode, row] of [
      ['merge', ['taro', 'other@contoso.example']],
      ['replace', ['jiro', 'jiro@contoso.example']],
    ] as const) {
      const found = await upload(company.admin, linkFile(row), { mode });
      await apply(company.admin, found);
      expect(await mailOf(taro)).toEqual({
        mails: 0,
        code: mode === 'merge' ? 'mail_account_mismatch' : 'mail_not_linked',
      });
      if (mode === 'merge') expect((await mailOf(hanako)).mails).toBeGreaterThan(0);
      const before = authorizations();
      expect(await undo(company.admin, found)).toMatchObject({ state: 'undone' });
      for (const browser of [taro, hanako]) {
        const after = await mailOf(browser);
        expect(after.mails, mode).toBeGreaterThan(0);
        expect(after.code, mode).toBeUndefined();
      }
      expect(authorizations()).toBe(before);
    }
  });

  test('two users who swap their accounts both lose the connection, and never see each other’s mail', async () => {
    const found = await upload(company.admin, linkFile(['taro', hanakoUpn], ['hanako', taroUpn]));
    expect(found.counts).toMatchObject({ changed: 2, disconnected: 2 });
    await hanako.call('GET /api/new-arrivals', refresh);
    const kept = () => company.argus.database.prisma.mailCache.count();
    expect(await kept()).toBe(2);
    await apply(company.admin, found);
    expect(await kept()).toBe(0);
    for (const browser of [taro, hanako]) {
      expect(await mailOf(browser)).toEqual({ mails: 0, code: 'mail_account_mismatch' });
    }
    expect(await kept()).toBe(0);
    await undo(company.admin, found);
    for (const browser of [taro, hanako]) expect((await mailOf(browser)).mails).toBeGreaterThan(0);
  });

  test('another spelling of the account disconnects nobody', async () => {
    const found = await upload(company.admin, linkFile(['taro', taroUpn.toUpperCase()]));
    await apply(company.admin, found);
    expect((await mailOf(taro)).mails).toBeGreaterThan(0);
  });
});
