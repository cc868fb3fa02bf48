import { demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, expect, test } from 'vitest';
import { providerOf, settingsOf } from '../support/build-app.ts';
import { callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { fieldsOf } from '../support/fields-of.ts';
import { admin, argus, change, stageLinkedTaro } from '../support/stage-argus.ts';

stageLinkedTaro();
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

async function present() {
  const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
  if (!provider) throw new Error('no provider');
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  return { params: { id: provider.id }, body: { ...form, version: provider.version } };
}

/** Everything that a trial must leave as it is, the audit log apart. */
async function stored() {
  const { prisma } = argus.database;
  return JSON.stringify([
    await prisma.authProvider.findMany({ orderBy: { id: 'asc' } }),
    await prisma.settings.findMany(),
    await prisma.grant.findMany({ orderBy: { id: 'asc' } }),
    await prisma.doctorRun.count(),
  ]);
}

test('people 3: a wrong secret is found before it is saved, and nothing is stored', async () => {
  const { params, body } = await present();
  const before = await stored();
  const trial = await admin.call('POST /api/admin/trials/auth-providers/:id', {
    params,
    body: { ...body, consumerSecret: 'mistyped' },
  });
  expect(trial.firstFailure).toBe('client_secret');
  expect(trial.steps.find(({ id }) => id === 'client_secret')?.problem).toMatchObject({
    code: 'authorization_secret_wrong',
  });
  expect(await stored()).toBe(before);
  const [entry] = (await admin.call('GET /api/admin/audit-events')).items;
  // Of what it called and sent, this is the only trace.
  expect(entry).toMatchObject({
    action: 'connection_tried',
    targetName: body.name,
    changes: [
      { field: 'mailUrl', to: argus.fake.graphUrl },
      { field: 'tokenEndpointUrl', to: expect.stringContaining(`${argus.fake.loginUrl}/`) },
      { field: 'consumerSecret', to: '••••••••' },
    ],
  });
});

test('people 3: the right values pass, with the stored secret or a new one, saved or not', async () => {
  const { params, body } = await present();
  for (const consumerSecret of [undefined, providerOf(argus.fake).consumerSecret]) {
    const trial = await admin.call('POST /api/admin/trials/auth-providers/:id', {
      params,
      body: consumerSecret === undefined ? body : { ...body, consumerSecret },
    });
    expect(trial.firstFailure).toBeNull();
    expect(trial.steps.find(({ id }) => id === 'client_secret')?.state).toBe('ok');
  }
  const created = await admin.call('POST /api/admin/trials/auth-providers', {
    body: { ...providerOf(argus.fake), name: 'Second', urlSuffix: 'Second' },
  });
  expect(created.firstFailure).toBeNull();
  expect((await admin.call('GET /api/admin/auth-providers')).items).toHaveLength(1);
});

test('people 3: 基本設定 is tried with the URL and the suffix of the form', async () => {
  const { version } = await admin.call('GET /api/admin/settings');
  const before = await stored();
  const trial = await admin.call('POST /api/admin/trials/settings', {
    body: { ...settingsOf(argus.fake), mailUrl: 'https://mail.not-registered.example/v1.0/me/messages', version },
  });
  expect(trial.firstFailure).toBe('mail_site');
  const unknown = await admin.call('POST /api/admin/trials/settings', {
    body: { ...settingsOf(argus.fake), authProviderUrlSuffix: 'Nowhere', version },
  });
  expect(unknown.firstFailure).toBe('provider');
  expect(await stored()).toBe(before);
});

test('a trial is refused wherever saving would be: fields, versions, a moved secret, a missing proof', async () => {
  const asked = callsTo('/token').length;
  const { params, body } = await present();
  const tried = (sent: typeof body) => admin.fails('POST /api/admin/trials/auth-providers/:id', { params, body: sent });
  expect(fieldsOf(await tried({ ...body, consumerKey: ' ' }))).toEqual([['consumerKey', 'required']]);
  expect(await tried({ ...body, version: body.version - 1 })).toMatchObject({ code: 'record_changed' });
  const elsewhere = `${argus.fake.graphUrl}/${demoTenant.id}/oauth2/v2.0/token`;
  expect(fieldsOf(await tried({ ...body, tokenEndpointUrl: elsewhere }))).toEqual([
    ['consumerSecret', 'secret_for_new_origin'],
  ]);
  const taken = await admin.fails('POST /api/admin/trials/auth-providers', { body: providerOf(argus.fake) });
  expect(fieldsOf(taken)).toEqual([['urlSuffix', 'suffix_taken']]);

  const other = await argus.signedIn('second-admin@argus.example', 'admin');
  argus.advance(11 * 60_000);
  const refused = await other.fails('POST /api/admin/trials/auth-providers/:id', {
    params,
    body: { ...body, consumerKey: '22222222-2222-4222-8222-222222222222' },
  });
  expect(refused.code).toBe('reauthentication_needed');
  expect(callsTo('/token')).toHaveLength(asked);
  await admin.proveSelf();
});

test('an unfinished form is tried as a finished one', async () => {
  const body = { ...providerOf(argus.fake), urlSuffix: 'Half', consumerKey: '', unfinished: true };
  const problem = await admin.fails('POST /api/admin/trials/auth-providers', { body });
  expect(fieldsOf(problem)).toEqual([['consumerKey', 'required']]);
});
