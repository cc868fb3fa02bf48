import { accountKey } from '@argus/contract/account-key';
import { demoApp, demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoAccounts } from '../../src/accounts/demo-accounts.ts';
import { shortestPassword } from '../../src/accounts/password.ts';
import { demoMicrosoft, seedDemoCompany } from '../../src/demo/demo-company.ts';
import type { Services } from '../../src/platform/services.ts';
import { buildArgus } from '../support/build-app.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';

let services: Services;
stageArgus({ config: { mode: 'demo' } });
beforeAll(async () => {
  const { loginUrl, graphUrl } = argus.fake;
  services = { ...argus.services, config: { ...argus.services.config, demo: { loginUrl, graphUrl } } };
});

const accountNamed = (name: string) => {
  const found = demoAccounts.find(({ username }) => username.startsWith(name));
  if (!found) throw new Error(`there is no demo account ${name}`);
  return found;
};

test('the demo company matches the fake Microsoft 365', () => {
  expect(demoMicrosoft).toMatchObject({
    tenantId: demoTenant.id,
    clientId: demoApp.clientId,
    clientSecret: demoApp.secrets[0]?.value,
  });
  const directory = Object.values(demoUsers).map(({ userPrincipalName }) => accountKey(userPrincipalName));
  const linked = Object.values(demoMicrosoft.links).map(accountKey);
  expect(linked.filter((account) => !directory.includes(account))).toEqual([]);
  expect(new Set(linked).size).toBe(linked.length);
});

test('every demo account has a name of its own and a password that Argus would accept', () => {
  expect(new Set(demoAccounts.map(({ username }) => accountKey(username))).size).toBe(demoAccounts.length);
  for (const { username, password } of demoAccounts) {
    expect(password.length).toBeGreaterThanOrEqual(shortestPassword);
    expect(accountKey(password)).not.toContain(accountKey(username));
  }
  expect(demoAccounts.filter(({ role }) => role === 'admin')).toHaveLength(1);
  const unlinked = demoAccounts.filter(({ username }) => !Object.hasOwn(demoMicrosoft.links, username));
  expect(unlinked).toHaveLength(1);
});

describe('a seeded demo', () => {
  beforeAll(async () => {
    // Two processes may find the database empty at the same moment.
    await Promise.all([seedDemoCompany(services), seedDemoCompany(services)]);
  });

  test('lists its accounts on the sign-in page, and each of them can sign in', async () => {
    const { demoAccounts: listed, mode } = await argus.browser().call('GET /api/session');
    expect(mode).toBe('demo');
    expect(listed).toEqual(demoAccounts);
    for (const { username, password, displayName, role } of listed ?? []) {
      const browser = argus.browser();
      await browser.signIn(username, password);
      expect((await browser.call('GET /api/session')).user).toMatchObject({ displayName, role });
    }
  });

  test('is set up without a warning, and every site is used', async () => {
    const admin = argus.browser();
    const { username, password } = accountNamed('admin');
    await admin.signIn(username, password);
    const settings = await admin.call('GET /api/admin/settings');
    expect(settings).toMatchObject({ warnings: [], previewEnabled: true, coverage: [{ status: 'covered' }] });
    const providers = await admin.call('GET /api/admin/auth-providers');
    expect(providers.items).toMatchObject([{ warnings: [], inUse: true, coverage: [{ status: 'covered' }] }]);
    const sites = await admin.call('GET /api/admin/remote-sites');
    expect(sites.items.map(({ usedBy }) => usedBy.length)).toEqual([1, 1]);
    expect((await admin.call('GET /api/admin/account-links')).total.count).toBe(demoAccounts.length - 1);
  });

  test('shows mail to a user who authorizes, and tells a user without a link what to do', async () => {
    const taro = accountNamed('taro');
    const browser = argus.browser();
    await browser.signIn(taro.username, taro.password);
    await browser.authorize('taro.yamada@contoso.example');
    expect((await browser.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    const goro = accountNamed('goro');
    await browser.signIn(goro.username, goro.password);
    expect(await browser.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_linked' });
  });

  test('stores no secret in clear text', async () => {
    const stored = await argus.database.prisma.authProvider.findFirstOrThrow();
    expect(JSON.stringify(stored)).not.toContain(demoMicrosoft.clientSecret);
  });
});

test('without the fake, only the accounts are created', async () => {
  const alone = await buildArgus({ config: { mode: 'demo' } });
  try {
    await seedDemoCompany(alone.services);
    const { prisma } = alone.database;
    expect(await prisma.account.count()).toBe(demoAccounts.length);
    expect([await prisma.authProvider.count(), await prisma.remoteSite.count()]).toEqual([0, 0]);
  } finally {
    await alone.close();
  }
});

test('production lets nobody in with a password of the demo, and does not list its accounts', async () => {
  const production = await buildArgus();
  try {
    await seedDemoCompany(production.services);
    const { username, password } = accountNamed('admin');
    const browser = production.browser();
    const problem = await browser.fails('POST /api/session', { body: { username, password } });
    expect(problem.code).toBe('sign_in_failed');
    expect(await browser.call('GET /api/session')).not.toHaveProperty('demoAccounts');
  } finally {
    await production.close();
  }
});
