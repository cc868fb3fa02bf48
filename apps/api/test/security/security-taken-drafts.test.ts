import { demoApp } from '@argus/fake-microsoft/data/demo-company';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { apply, upload } from '../support/csv-upload.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

/** A hijacked administrator session: signed in, without knowing the password. */
let taken: Browser;

stageLinkedTaro({
  config: { mail: { server: { host: '127.0.0.1', port: 9, encryption: 'none' }, from: 'argus@contoso.example' } },
});
beforeAll(() => user.authorize(taroUpn));
beforeEach(async () => {
  taken = argus.browser();
  await taken.signIn('admin@argus.example');
});

const needed = { status: 403, code: 'reauthentication_needed' };
const draft = { consumerKey: demoApp.clientId, authorizeEndpointUrl: '', unfinished: true };

describe('S-2: what another administrator has not finished', () => {
  it('S-2: is neither completed nor tried by a session alone, as it may hold a secret', async () => {
    await admin.proveSelf();
    const { id, version } = await admin.call('POST /api/admin/auth-providers', {
      body: { ...providerOf(argus.fake), name: 'Draft', urlSuffix: 'Draft', ...draft },
    });
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    const evil = { ...form, name: 'Draft', urlSuffix: 'Draft', authorizeEndpointUrl: 'https://login.evil.example/a' };
    const sent = { params: { id }, body: { ...evil, version } };
    const before = callsTo('/token').length;
    expect(await taken.fails('PUT /api/admin/auth-providers/:id', sent)).toMatchObject(needed);
    expect(await taken.fails('POST /api/admin/trials/auth-providers/:id', sent)).toMatchObject(needed);
    expect(callsTo('/token')).toHaveLength(before);
    // Whoever knows the password completes it, and nobody is told of a move.
    await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id },
      body: { ...form, ...sent.body, authorizeEndpointUrl: form.authorizeEndpointUrl },
    });
    const moved = (await admin.call('GET /api/admin/notices')).items.filter(({ kind }) => kind === 'connection_moved');
    expect(moved).toEqual([]);
    await admin.call('DELETE /api/admin/auth-providers/:id', { params: { id } });
  });

  it('S-2: is not laid under the suffix in use', async () => {
    const [rightful] = (await admin.call('GET /api/admin/auth-providers')).items;
    const { version } = await admin.call('GET /api/admin/settings');
    await admin.call('PUT /api/admin/settings', {
      body: { ...settingsOf(argus.fake), authProviderUrlSuffix: 'Elsewhere', version },
    });
    const planted = { ...providerOf(argus.fake), name: 'Planted', urlSuffix: 'elsewhere', ...draft };
    expect(await taken.fails('POST /api/admin/auth-providers', { body: planted })).toMatchObject(needed);
    const present = await admin.call('GET /api/admin/settings');
    await admin.call('PUT /api/admin/settings', {
      body: {
        ...settingsOf(argus.fake),
        authProviderUrlSuffix: rightful?.urlSuffix ?? suffix,
        version: present.version,
      },
    });
  });
});

describe('S-2: a session alone makes Argus call or write to nobody of its choice', () => {
  it('S-2: by a trial', async () => {
    const before = callsTo('/token').length;
    const own = { ...providerOf(argus.fake), name: 'Own', urlSuffix: 'Own', consumerSecret: 'of the attacker' };
    expect(await taken.fails('POST /api/admin/trials/auth-providers', { body: own })).toMatchObject(needed);
    expect(callsTo('/token')).toHaveLength(before);
  });

  it('S-2: by a destination of alerts, new, changed, tested or gone', async () => {
    const form = {
      name: 'パスワードの期限切れ',
      format: 'mail' as const,
      recipients: 'stranger@contoso.example',
      kinds: ['security' as const],
      leastUsers: 1,
      language: 'ja' as const,
      active: true,
    };
    expect(await taken.fails('POST /api/admin/alert-channels', { body: form })).toMatchObject(needed);
    await admin.proveSelf();
    const { id, version } = await admin.call('POST /api/admin/alert-channels', { body: { ...form, name: '情シス' } });
    const params = { id };
    const silenced = { params, body: { ...form, active: false, version } };
    expect(await taken.fails('PUT /api/admin/alert-channels/:id', silenced)).toMatchObject(needed);
    expect(await taken.fails('POST /api/admin/alert-channels/:id/test', { params })).toMatchObject(needed);
    expect(await taken.fails('DELETE /api/admin/alert-channels/:id', { params })).toMatchObject(needed);
    // A test stands in the audit log, also where it fails.
    await admin.fails('POST /api/admin/alert-channels/:id/test', { params });
    const [entry] = (await admin.call('GET /api/admin/audit-events')).items;
    expect(entry).toMatchObject({ action: 'alert_channel_tested', targetName: '情シス' });
  });

  it('S-2: by a sentence beside the password field of everybody', async () => {
    const { version } = await admin.call('GET /api/admin/settings');
    const body = { ...settingsOf(argus.fake), signInHelp: 'https://login.evil.example で更新してください。', version };
    expect(await taken.fails('PUT /api/admin/settings', { body })).toMatchObject(needed);
    expect((await argus.browser().send('GET', '/api/session')).text).not.toContain('evil');
    // Anything else of 基本設定 that redirects nobody is changed as before.
    await taken.call('PUT /api/admin/settings', { body: { ...settingsOf(argus.fake), mailCount: 11, version } });
  });
});

it('S-2: a session alone deletes no users by undoing the import that created them', async () => {
  const csv = 'ユーザ名,Salesforceアカウント,役割,有効\n新人,newcomer@argus.example,ユーザ,TRUE\n';
  const found = await upload(taken, csv, { table: 'users' });
  await apply(taken, found);
  const params = { id: String(found.id) };
  expect(await taken.fails('POST /api/admin/csv-imports/:id/undo', { params })).toMatchObject(needed);
  expect(await taken.fails('POST /api/admin/csv-imports/:id/undo-rest', { params })).toMatchObject(needed);
  expect(await argus.services.db.account.count({ where: { username: 'newcomer@argus.example' } })).toBe(1);
});

it('S-8: a trial tells nothing, and calls no more, once its administrator is deactivated', async () => {
  const eve = await argus.signedIn('eve@argus.example', 'admin');
  const { id, version } = (await admin.call('GET /api/admin/auth-providers')).items[0] ?? { id: '', version: 0 };
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  // What the mail's own API is called is unknown to this endpoint, so that a second call would follow.
  argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_500, times: 1 });
  const before = callsTo('/token').length;
  const asked = eve.send('POST', `/api/admin/trials/auth-providers/${id}`, { body: { ...form, version } });
  await expect.poll(() => callsTo('/token').length).toBe(before + 1);
  const account = await argus.services.db.account.findFirstOrThrow({ where: { username: 'eve@argus.example' } });
  const { username, displayName, role, salesforceId } = account;
  await admin.proveSelf();
  await admin.call('PUT /api/admin/users/:id', {
    params: { id: account.id },
    body: { username, displayName, role, salesforceId, active: false, version: account.version },
  });
  expect((await asked).status).toBe(401);
  expect(callsTo('/token')).toHaveLength(before + 1);
  calmMicrosoft();
});
