import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildArgus, providerOf, settingsOf, type TestArgus } from './build-app.ts';

let argus: TestArgus;
beforeAll(async () => {
  argus = await buildArgus();
});
afterAll(() => argus?.close());

test('S-2: for seven days every administrator is told who moved which endpoint, when, and from where to where', async () => {
  const admin = await argus.connect();
  const other = await argus.signedIn('other-admin@argus.example', 'admin');
  const moves = async () =>
    (await other.call('GET /api/admin/notices')).items.filter(({ kind }) => kind === 'connection_moved');
  const { graphUrl, loginUrl } = argus.fake;
  const blank = {
    providerId: null,
    providerName: null,
    expiresOn: null,
    days: null,
    hours: null,
    users: null,
    failures: null,
  };
  const notice = { ...blank, kind: 'connection_moved', lastSuccessAt: null };
  const by = { by: 'admin@argus.example', at: expect.any(String) };

  // A first set-up, before anybody has authorized, is no move.
  expect(await moves()).toEqual([]);
  await argus.database.prisma.auditEvent.create({ data: { action: 'authorization_granted', details: {} } });
  const saveUrl = async (mailUrl: string) => {
    const { version } = await admin.call('GET /api/admin/settings');
    await admin.call('PUT /api/admin/settings', { body: { ...settingsOf(argus.fake), mailUrl, version } });
  };
  const first = { action: 'mail_url_moved', from: graphUrl, to: loginUrl };
  await saveUrl(`${loginUrl}/v1.0/me/messages`);
  expect(await moves()).toEqual([{ ...notice, moved: { ...first, ...by } }]);

  // Another path at the same site is no move.
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
  const second = { action: 'token_endpoint_moved', from: loginUrl, to: 'https://login.evil.example' };
  expect(await moves()).toEqual([
    { ...notice, providerName: 'Microsoft 365', moved: { ...second, ...by } },
    { ...notice, moved: { ...first, ...by } },
  ]);

  await age(0.2);
  expect(await moves()).toMatchObject([{ moved: second }]);
  await age(7);
  expect(await moves()).toEqual([]);
});

/** Everything in the audit log happened so many days earlier. */
async function age(days: number): Promise<void> {
  await argus.database.prisma.$executeRaw`
    UPDATE "AuditEvent" SET "occurredAt" = "occurredAt" - make_interval(secs => ${days * 86_400}::double precision)`;
}
