import { demoApp, demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { expect, test } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';

stageArgus();

test('S-2: for seven days every administrator sees who moved which endpoint, when, and from where to where', async () => {
  const admin = await argus.connect();
  const other = await argus.signedIn('other-admin@argus.example', 'admin');
  const moves = async () =>
    (await other.call('GET /api/admin/notices')).items.filter(({ kind }) => kind === 'connection_moved');
  const { graphUrl, loginUrl } = argus.fake;
  const tenantUrl = `${loginUrl}/${demoTenant.id}`;
  const blank = {
    providerId: null,
    providerName: null,
    expiresOn: null,
    days: null,
    hours: null,
    users: null,
    failures: null,
  };
  const notice = { ...blank, kind: 'connection_moved', lastSuccessAt: null, seconds: null, stop: null, channel: null };
  const by = { by: 'admin@argus.example', at: expect.any(String), times: 1 };

  // A first set-up, before anybody has authorized, is not a move.
  expect(await moves()).toEqual([]);
  await argus.database.prisma.auditEvent.create({ data: { action: 'authorization_granted', details: {} } });
  const saveUrl = (mailUrl: string) => saveSettings(argus, admin, { mailUrl });
  const first = { action: 'mail_url_moved', from: graphUrl, to: loginUrl };
  await saveUrl(`${loginUrl}/v1.0/me/messages`);
  expect(await moves()).toEqual([{ ...notice, moved: { ...first, ...by } }]);

  // Another path at the same site is not a move.
  await saveUrl(`${loginUrl}/v1.0/me/mailFolders/inbox/messages`);
  expect(await moves()).toHaveLength(1);

  await age(6.9);
  await admin.proveSelf();
  const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
  const tokenEndpointUrl = 'https://login.evil.example/token';
  await admin.call('PUT /api/admin/auth-providers/:id', {
    params: { id: provider?.id ?? '' },
    body: { ...providerOf(argus.fake), tokenEndpointUrl, version: provider?.version ?? 0 },
  });
  const second = { action: 'token_endpoint_moved', from: tenantUrl, to: 'https://login.evil.example' };
  expect(await moves()).toEqual([
    { ...notice, providerId: provider?.id, providerName: 'Microsoft 365', moved: { ...second, ...by } },
    { ...notice, moved: { ...first, ...by } },
  ]);

  await age(0.2);
  expect(await moves()).toMatchObject([{ moved: second }]);
  await age(7);
  expect(await moves()).toEqual([]);
});

test('S-2: they see every change that leads users elsewhere, and no other entry pushes it off the list', async () => {
  const admin = await argus.signedIn('admin@argus.example', 'admin');
  const moves = async () => (await admin.call('GET /api/admin/notices')).items.flatMap(({ moved }) => moved ?? []);
  const tenantUrl = `${argus.fake.loginUrl}/${demoTenant.id}`;
  const [inUse] = (await admin.call('GET /api/admin/auth-providers')).items;
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  const save = async (id: string, change: Partial<typeof form>) => {
    const { version } = await admin.call('GET /api/admin/auth-providers/:id', { params: { id } });
    const body = { ...form, ...change, ...(change.tokenEndpointUrl ? { consumerSecret: 'x' } : {}), version };
    await admin.call('PUT /api/admin/auth-providers/:id', { params: { id }, body });
  };
  const use = (authProviderUrlSuffix: string) => saveSettings(argus, admin, { authProviderUrlSuffix });
  await save(inUse?.id ?? '', { tokenEndpointUrl: form.tokenEndpointUrl });
  await use(form.urlSuffix);
  await age(8);
  expect(await moves()).toEqual([]);

  const authorizeEndpointUrl = 'https://login.evil.example/authorize';
  await save(inUse?.id ?? '', { authorizeEndpointUrl });
  const authorize = { action: 'authorize_endpoint_moved', from: tenantUrl, to: 'https://login.evil.example', times: 1 };
  expect(await moves()).toMatchObject([authorize]);

  const decoy = { ...form, name: 'Decoy', urlSuffix: 'Decoy', authorizeEndpointUrl };
  const { id: decoyId } = await admin.call('POST /api/admin/auth-providers', { body: decoy });
  await use('Decoy');
  const switched = {
    action: 'auth_provider_switched',
    from: `Microsoft 365 (https://login.evil.example, ${tenantUrl}, ${demoApp.clientId})`,
    to: `Decoy (https://login.evil.example, ${tenantUrl}, ${demoApp.clientId})`,
    times: 1,
  };
  // The provider that users are sent to now comes first; moves of the other one are still listed.
  expect(await moves()).toMatchObject([switched, authorize]);
  await use('nobody');
  expect(await moves()).toMatchObject([{ ...switched, to: '', times: 2 }, authorize]);
  await use(form.urlSuffix);
  // From where it was before all of them, to where it is now.
  const back = { ...switched, to: switched.from, times: 3 };
  expect(await moves()).toMatchObject([back, authorize]);

  // Moved back and forth, with unused providers moved as well: everything that matters stays in the list.
  const { id } = await admin.call('POST /api/admin/auth-providers', { body: { ...form, name: 'N', urlSuffix: 'N1' } });
  for (let i = 0; i < 4; i += 1) {
    for (const unused of [decoyId, id]) {
      const urlSuffix = unused === id ? 'N1' : 'Decoy';
      await save(unused, {
        urlSuffix,
        authorizeEndpointUrl: `https://n${i}.example/a`,
        tokenEndpointUrl: `https://n${i}.example/t`,
      });
    }
  }
  expect((await moves()).slice(0, 2)).toMatchObject([back, authorize]);
  expect(await moves()).toHaveLength(6);
  await save(inUse?.id ?? '', { authorizeEndpointUrl: form.authorizeEndpointUrl });
  expect((await moves()).slice(0, 2)).toMatchObject([
    { ...authorize, to: tenantUrl, times: 2 },
    // Listed with its current place, though nobody has switched since.
    { ...back, to: `Microsoft 365 (${tenantUrl}, ${demoApp.clientId})` },
  ]);
});

/** Moves everything in the audit log back by that many days. */
async function age(days: number): Promise<void> {
  await argus.database.prisma.$executeRaw`
    UPDATE "AuditEvent" SET "occurredAt" = "occurredAt" - make_interval(secs => ${days * 86_400}::double precision)`;
}
