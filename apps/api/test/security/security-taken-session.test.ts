import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, buildArgus, providerOf, settingsOf, testPassword } from '../support/build-app.ts';
import { upload } from '../support/csv-upload.ts';
import { addInvitee } from '../support/invitee.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

/** A hijacked administrator session: signed in, without knowing the password. */
let taken: Browser;
let userId: string;
let adminId: string;

stageLinkedTaro();
beforeAll(async () => {
  await user.authorize(taroUpn);
  const accounts = await argus.services.db.account.findMany();
  userId = accounts.find(({ role }) => role === 'user')?.id ?? '';
  adminId = accounts.find(({ role }) => role === 'admin')?.id ?? '';
});
beforeEach(async () => {
  taken = argus.browser();
  await taken.signIn('admin@argus.example');
});

const needed = { status: 403, code: 'reauthentication_needed' };
const newUser = {
  username: 'mallory@argus.example',
  displayName: 'Mallory',
  salesforceId: null,
  password: 'known to the attacker',
};

async function userFields(id: string) {
  const { username, displayName, salesforceId, role, active, version } =
    await argus.services.db.account.findUniqueOrThrow({
      where: { id },
    });
  return { username, displayName, salesforceId, role, active, version };
}

describe('S-2: a session alone cannot obtain a password with which to reauthenticate', () => {
  it('S-2: creates no administrator by a form', async () => {
    expect(await taken.fails('POST /api/admin/users', { body: { ...newUser, role: 'admin' } })).toMatchObject(needed);
    const fields = await userFields(userId);
    const promotion = { params: { id: userId }, body: { ...fields, role: 'admin' as const } };
    expect(await taken.fails('PUT /api/admin/users/:id', promotion)).toMatchObject(needed);
    expect(await argus.services.db.account.count({ where: { role: 'admin' } })).toBe(1);
    // Changes that give nobody rights require no proof.
    await taken.call('PUT /api/admin/users/:id', {
      params: { id: userId },
      body: { ...fields, displayName: '山田 太郎' },
    });
  });

  it('S-2: sets nobody’s password, neither that of its own account nor of a user whose mail it would see', async () => {
    for (const id of [adminId, userId]) {
      const change = { params: { id }, body: { password: 'known to the attacker' } };
      expect(await taken.fails('PUT /api/admin/users/:id/password', change)).toMatchObject(needed);
    }
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it.each(['admin', 'user'] as const)('S-2: replaces no %s who waits for an invitation', async (role) => {
    const id = await addInvitee(argus, 'waiting@argus.example', { role });
    expect(await taken.fails('DELETE /api/admin/users/:id', { params: { id } })).toMatchObject(needed);
    expect(await argus.services.db.account.count({ where: { id } })).toBe(1);
    await argus.services.db.account.delete({ where: { id } });
    // Whoever undoes the import that created it could do the same.
    const body = { ...newUser, username: 'waiting@argus.example', role: 'user' as const };
    expect(await taken.fails('POST /api/admin/users', { body })).toMatchObject(needed);
    expect(await argus.services.db.account.count({ where: { username: body.username } })).toBe(0);
  });

  it.each(['admin', 'user'] as const)('S-2: invites no %s, one by one or as a file', async (role) => {
    const id = await addInvitee(argus, 'new@argus.example', { role });
    expect(await taken.fails('POST /api/admin/users/:id/invitation', { params: { id } })).toMatchObject(needed);
    for (const filter of [null, role]) {
      const body = { q: '', role: filter, timeZone: 'Asia/Tokyo' };
      expect(await taken.fails('POST /api/admin/invitations', { body })).toMatchObject(needed);
    }
    expect(await argus.services.db.invitation.count()).toBe(0);
    await argus.services.db.account.delete({ where: { id } });
  });

  it('S-2: creates no administrator by a file, or by undoing one', async () => {
    const csv = 'ユーザ名,Salesforceアカウント,役割,有効\nMallory,mallory@argus.example,管理者,TRUE\n';
    const { id, planVersion } = await upload(taken, csv, { table: 'users' });
    const apply = { params: { id: String(id) }, body: { planVersion, removals: null } };
    expect(await taken.fails('POST /api/admin/csv-imports/:id/apply', apply)).toMatchObject(needed);
    expect(await argus.services.db.account.count({ where: { username: newUser.username } })).toBe(0);
  });
});

describe('S-2: a session alone cannot lead users to a sign-in page of its own', () => {
  const evil = 'https://login.evil.example/common/oauth2/v2.0';

  it('S-2: by the authorize endpoint of the provider in use', async () => {
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    const body = { ...form, authorizeEndpointUrl: `${evil}/authorize`, version: provider?.version ?? 0 };
    expect(
      await taken.fails('PUT /api/admin/auth-providers/:id', { params: { id: provider?.id ?? '' }, body }),
    ).toMatchObject(needed);
  });

  it('S-2: by another provider under the suffix in use, or by another suffix', async () => {
    const own = {
      ...providerOf(argus.fake),
      authorizeEndpointUrl: `${evil}/authorize`,
      tokenEndpointUrl: `${evil}/token`,
    };
    await taken.call('POST /api/admin/auth-providers', { body: { ...own, name: 'Evil', urlSuffix: 'Evil' } });
    const { version } = await admin.call('GET /api/admin/settings');
    const settings = { ...settingsOf(argus.fake), authProviderUrlSuffix: 'Evil', version };
    expect(await taken.fails('PUT /api/admin/settings', { body: settings })).toMatchObject(needed);
    const start = await user.send('GET', `/services/auth/oauth/${settingsOf(argus.fake).authProviderUrlSuffix}`);
    expect(start.headers.get('location')).toContain(argus.fake.loginUrl);
    // A namesake replaces the rightful one after its deletion.
    const items = (await admin.call('GET /api/admin/auth-providers')).items;
    const rightful = items.find(({ inUse }) => inUse);
    const params = { id: rightful?.id ?? '' };
    expect(await taken.fails('DELETE /api/admin/auth-providers/:id', { params })).toMatchObject(needed);
    await admin.proveSelf();
    await admin.call('DELETE /api/admin/auth-providers/:id', { params });
    expect(await taken.fails('POST /api/admin/auth-providers', { body: own })).toMatchObject(needed);
    const evilOne = items.find(({ urlSuffix }) => urlSuffix === 'Evil');
    const { consumerSecret: __, ...form } = own;
    const renamed = { ...form, version: evilOne?.version ?? 0 };
    expect(
      await taken.fails('PUT /api/admin/auth-providers/:id', { params: { id: evilOne?.id ?? '' }, body: renamed }),
    ).toMatchObject(needed);
    // Whoever knows the password can set it up again.
    await taken.proveSelf(testPassword);
    await taken.call('POST /api/admin/auth-providers', { body: providerOf(argus.fake) });
  });

  it('S-2: by a provider that was in use long ago and still has grants, in one step or two', async () => {
    const { db } = argus.services;
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    await admin.proveSelf();
    const old = { ...form, name: 'Old', urlSuffix: 'Old', tokenEndpointUrl: `${evil}/token` };
    const { id: providerId } = await admin.call('POST /api/admin/auth-providers', { body: old });
    const grant = { accountId: userId, providerId, status: 'authorized' as const, microsoftAccount: taroUpn };
    await db.grant.create({ data: { ...grant, authorizedAt: new Date() } });
    const use = async (urlSuffix: string, by = taken) => {
      const { version } = await admin.call('GET /api/admin/settings');
      const body = { ...settingsOf(argus.fake), authProviderUrlSuffix: urlSuffix, version };
      return by.send('PUT', '/api/admin/settings', { body });
    };
    expect((await use('Old')).body).toMatchObject(needed);
    // Switching off would be the first step of laying another one in its place.
    for (const off of ['nobody', '']) expect((await use(off)).body).toMatchObject(needed);
    await use('nobody', admin);
    // So is switching on again, from there.
    expect((await use('Old')).body).toMatchObject(needed);
    expect((await use(form.urlSuffix)).body).toMatchObject(needed);
    await use(form.urlSuffix, admin);

    const rename = async (from: string, to: string) => {
      const found = (await admin.call('GET /api/admin/auth-providers')).items.find((item) => item.urlSuffix === from);
      const body = { ...(from === 'Old' ? old : form), urlSuffix: to, version: found?.version };
      return taken.send('PUT', `/api/admin/auth-providers/${found?.id}`, { body });
    };
    // Another suffix switches off the one in use, too.
    expect((await rename(form.urlSuffix, 'Retired')).body).toMatchObject(needed);
    expect((await rename('Old', 'Older')).status).toBe(200);
    await rename('Older', 'Old');
    await db.authProvider.delete({ where: { id: providerId } });
  });

  it('S-2: by making a grant of its own at a provider that is not in use: no flow begins there', async () => {
    const start = await user.send('GET', '/services/auth/oauth/Evil');
    expect(await outcomeOf(user, start)).toMatchObject({ problem: { code: 'authorization_provider_not_found' } });
  });

  it('S-2: by two concurrent changes, each of which sees the old state of the other half', async () => {
    for (let round = 0; round < 4; round += 1) {
      const urlSuffix = `Race${round}`;
      const provider = {
        ...providerOf(argus.fake),
        name: urlSuffix,
        urlSuffix,
        authorizeEndpointUrl: `${evil}/authorize`,
      };
      const { version } = await admin.call('GET /api/admin/settings');
      const settings = { ...settingsOf(argus.fake), authProviderUrlSuffix: urlSuffix, version };
      const racer = argus.browser();
      await racer.signIn('admin@argus.example');
      const send = (method: string, path: string, body: unknown) =>
        racer
          .call('GET /api/session')
          .then(({ csrfToken }) => racer.send(method, path, { body, headers: { 'x-csrf-token': csrfToken } }));
      const replies = await Promise.all([
        send('POST', '/api/admin/auth-providers', provider),
        send('PUT', '/api/admin/settings', settings),
      ]);
      expect(replies.map(({ status }) => status)).toContain(403);
      await admin.proveSelf();
      await saveSettings(argus, admin, {});
    }
  });

  it('S-2: by the app, the path or the query: another consumer key, tenant or filter of the mail asks as well', async () => {
    const items = (await admin.call('GET /api/admin/auth-providers')).items;
    const inUse = items.find((item) => item.inUse);
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    for (const change of [
      { consumerKey: '11111111-2222-4333-8444-555555555555' },
      { authorizeEndpointUrl: `${form.authorizeEndpointUrl}?domain_hint=evil.example` },
      { tokenEndpointUrl: form.tokenEndpointUrl.replace('/token', '/tokne') },
    ]) {
      const body = { ...form, ...change, version: inUse?.version ?? 0 };
      expect(
        await taken.fails('PUT /api/admin/auth-providers/:id', { params: { id: inUse?.id ?? '' }, body }),
      ).toMatchObject(needed);
    }
    const { version } = await admin.call('GET /api/admin/settings');
    const mailUrl = `${settingsOf(argus.fake).mailUrl}?$filter=subject eq 'secret'`;
    const settings = { ...settingsOf(argus.fake), mailUrl, version };
    expect(await taken.fails('PUT /api/admin/settings', { body: settings })).toMatchObject(needed);
  });
});

it('S-2: before anybody has authorized, a session alone cannot delete a provider and replace it', async () => {
  const fresh = await buildArgus();
  try {
    const owner = await fresh.connect();
    const stolen = fresh.browser();
    await stolen.signIn('admin@argus.example');
    const [provider] = (await owner.call('GET /api/admin/auth-providers')).items;
    const params = { id: provider?.id ?? '' };
    expect(await stolen.fails('DELETE /api/admin/auth-providers/:id', { params })).toMatchObject(needed);
    await owner.call('DELETE /api/admin/auth-providers/:id', { params });
    const authorizeEndpointUrl = 'https://login.evil.example/authorize';
    const body = { ...providerOf(fresh.fake), authorizeEndpointUrl };
    expect(await stolen.fails('POST /api/admin/auth-providers', { body })).toMatchObject(needed);
    const { version } = await owner.call('GET /api/admin/settings');
    const settings = { ...settingsOf(fresh.fake), mailUrl: 'https://graph.evil.example/v1.0/me/messages', version };
    expect(await stolen.fails('PUT /api/admin/settings', { body: settings })).toMatchObject(needed);
    await owner.call('POST /api/admin/auth-providers', { body: providerOf(fresh.fake) });
  } finally {
    await fresh.close();
  }
});

describe('S-2: what reauthentication allows', () => {
  it('S-2: a copy of the cookie from before it gains nothing', async () => {
    const cookies = new Map(taken.cookies);
    await taken.proveSelf();
    const copy = argus.browser();
    for (const [name, value] of cookies) copy.cookies.set(name, value);
    expect(await copy.fails('GET /api/admin/users')).toMatchObject({ status: 401 });
  });

  it('S-2: wrong passwords in a session that was taken over do not block the owner', async () => {
    for (let i = 0; i < 6; i += 1) {
      await taken.fails('POST /api/session/reauthentication', { body: { password: `guess ${i}` } });
    }
    const owner = argus.browser();
    await owner.signIn('admin@argus.example');
    await owner.proveSelf();
  });

  it('S-2: no other administrator can be removed without it', async () => {
    const second = await argus.signedIn('second@argus.example', 'admin');
    const { user: own } = await second.call('GET /api/session');
    const fields = await userFields(own?.id ?? '');
    for (const change of [{ active: false }, { role: 'user' as const }]) {
      const body = { ...fields, ...change };
      expect(await taken.fails('PUT /api/admin/users/:id', { params: { id: own?.id ?? '' }, body })).toMatchObject(
        needed,
      );
    }
  });

  it('S-2: an invitation that was issued for a user does not make an administrator', async () => {
    const { id } = await argus.services.db.account.create({
      data: {
        username: 'later@argus.example',
        usernameKey: 'later@argus.example',
        displayName: 'l',
        displayNameKey: 'l',
      },
    });
    await admin.proveSelf();
    const { url } = await admin.call('POST /api/admin/users/:id/invitation', { params: { id } });
    await admin.call('PUT /api/admin/users/:id', {
      params: { id },
      body: { ...(await userFields(id)), role: 'admin' },
    });
    const body = { token: url.split('token=')[1] ?? '', password: 'known to the attacker' };
    expect(await argus.browser().fails('POST /api/invitation/accept', { body })).toMatchObject({ status: 410 });
  });
});

describe('S-5: a changed username', () => {
  it('S-5: needs the password: its owner could no longer sign in, and another could get the name', async () => {
    const owner = await argus.addAccount('owner@argus.example', 'admin');
    const own = (await admin.call('GET /api/session')).user?.id ?? '';
    for (const id of [owner, own]) {
      const body = { ...(await userFields(id)), username: 'nobody-knows@argus.example' };
      expect(await taken.fails('PUT /api/admin/users/:id', { params: { id }, body })).toMatchObject(needed);
    }
    // Another spelling is the same name.
    const body = { ...(await userFields(owner)), username: 'Owner@argus.example' };
    await taken.call('PUT /api/admin/users/:id', { params: { id: owner }, body });
    await argus.browser().signIn('owner@argus.example');
  });

  it('S-5: does not give more guesses', async () => {
    const victim = await argus.addAccount('victim@argus.example');
    const guess = async (username: string) =>
      (await argus.browser().fails('POST /api/session', { body: { username, password: 'a guess at it' } })).status;
    for (let i = 0; i < 5; i += 1) expect(await guess('victim@argus.example')).toBe(401);
    const fields = await userFields(victim);
    await admin.proveSelf();
    await admin.call('PUT /api/admin/users/:id', {
      params: { id: victim },
      body: { ...fields, username: 'renamed@argus.example' },
    });
    expect(await guess('renamed@argus.example')).toBe(429);
  });
});
