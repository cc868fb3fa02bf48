import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { admin, argus, change, stageConnected } from '../support/stage-argus.ts';

const people = [
  ['taro@argus.example', demoUsers.taro.userPrincipalName],
  ['hanako@argus.example', demoUsers.hanako.userPrincipalName],
] as const;

stageConnected();
beforeAll(async () => {
  for (const [username, microsoftAccount] of people) {
    const user = await argus.signedIn(username);
    await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount } });
    await user.authorize(microsoftAccount);
  }
  argus.fake.control.clearRequests();
});
afterEach(() => change.restore());

const siteId = async (name: string) => {
  const { items } = await admin.call('GET /api/admin/remote-sites');
  return items.find((site) => site.name === name)?.id ?? '';
};
const siteImpact = async (name: string) =>
  admin.call('GET /api/admin/remote-sites/:id/impact', { params: { id: await siteId(name) } });
const providerImpact = async (urlSuffix = providerOf(argus.fake).urlSuffix) => {
  const { items } = await admin.call('GET /api/admin/auth-providers');
  const id = items.find((provider) => provider.urlSuffix === urlSuffix)?.id ?? '';
  return admin.call('GET /api/admin/auth-providers/:id/impact', { params: { id } });
};

describe('the impact of a change', () => {
  it('counts every authorized user for the site of the mail URL and for that of the token endpoint', async () => {
    expect(await siteImpact('graph')).toEqual({ users: 2, uses: [{ kind: 'mail_url', name: '', users: 2 }] });
    expect(await siteImpact('login')).toEqual({
      users: 2,
      uses: [{ kind: 'token_endpoint', name: providerOf(argus.fake).name, users: 2 }],
    });
  });

  it('is nobody if the site is already switched off, or nothing calls it', async () => {
    await change.site('graph', false);
    expect(await siteImpact('graph')).toEqual({ users: 0, uses: [] });
    const unused = await change.closedSite();
    expect(await siteImpact(`closed ${unused}`)).toEqual({ users: 0, uses: [] });
  });

  it('counts a user once if token endpoint and mail share a site', async () => {
    const { tokenEndpointUrl } = providerOf(argus.fake);
    const mailUrl = new URL('/v1.0/me/messages', tokenEndpointUrl);
    await change.settings({ mailUrl: mailUrl.href });
    // As if they had authorized since: until then nobody is served there.
    await argus.services.db.grant.updateMany({ data: { status: 'authorized', mailOrigin: mailUrl.origin } });
    const { users, uses } = await siteImpact('login');
    await argus.services.db.grant.updateMany({ data: { mailOrigin: argus.fake.graphUrl } });
    expect([users, uses.map((use) => [use.kind, use.users])]).toEqual([
      2,
      [
        ['mail_url', 2],
        ['token_endpoint', 2],
      ],
    ]);
  });

  it('of a provider that 基本設定 does not name: its site affects nobody, its deletion every authorized user', async () => {
    expect(await providerImpact()).toEqual({ users: 2, uses: [{ kind: 'settings', name: '', users: 2 }] });
    await change.settings({ authProviderUrlSuffix: 'Other' });
    expect(await siteImpact('login')).toMatchObject({ users: 0, uses: [{ kind: 'token_endpoint', users: 0 }] });
    expect(await providerImpact()).toEqual({ users: 2, uses: [] });
  });

  it('counts for the provider in use, not for another one at the same site', async () => {
    const dormant = await admin.call('POST /api/admin/auth-providers', {
      body: { ...providerOf(argus.fake), name: 'Dormant', urlSuffix: 'Dormant' },
    });
    try {
      const { uses } = await siteImpact('login');
      expect(uses.find((use) => use.name === 'Dormant')).toMatchObject({ users: 0 });
      expect(uses).toHaveLength(2);
    } finally {
      await admin.call('DELETE /api/admin/auth-providers/:id', { params: { id: dormant.id } });
    }
  });

  it('leaves out who was deactivated or lost the link', async () => {
    const { prisma } = argus.database;
    const where = { username: people[0][0] };
    await prisma.account.update({ where: { usernameKey: where.username }, data: { active: false } });
    try {
      expect((await siteImpact('graph')).users).toBe(1);
    } finally {
      await prisma.account.update({ where: { usernameKey: where.username }, data: { active: true } });
    }
  });

  it('reads only the database', async () => {
    await siteImpact('login');
    await providerImpact();
    expect(argus.fake.control.requests()).toEqual([]);
  });

  it('is a 404 for what does not exist', async () => {
    const params = { id: crypto.randomUUID() };
    expect((await admin.fails('GET /api/admin/remote-sites/:id/impact', { params })).status).toBe(404);
    expect((await admin.fails('GET /api/admin/auth-providers/:id/impact', { params })).status).toBe(404);
  });
});
