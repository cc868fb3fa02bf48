import { expect, test } from 'vitest';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { misconfigure } from '../support/misconfigure.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';
import { expire } from '../support/taros-grant.ts';

stageAdmin();

const read = () => admin.call('GET /api/admin/overview');
const done = async () => (await read()).steps.filter((step) => step.done).map(({ id }) => id);
const stopped = async () => {
  const { stop } = await read();
  const { items } = await admin.call('GET /api/admin/notices');
  // The overview and every other page say the same.
  expect(items.find(({ kind }) => kind === 'everybody_stopped')?.stop ?? null).toBe(stop);
  return stop;
};

test('people 11: the overview leads from an empty Argus to the first mail, step by step, and stops nobody before there is somebody', async () => {
  expect(await read()).toMatchObject({ stop: null, provider: null, authorizedUsers: 0, lastSuccessAt: null });
  expect(await done()).toEqual([]);
  await admin.call('POST /api/admin/auth-providers', { body: providerOf(argus.fake) });
  const { version } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', { body: { ...settingsOf(argus.fake), version } });
  expect(await done()).toEqual(['provider', 'settings']);
  expect(await stopped()).toBe('token_site');
  const site = { disableProtocolSecurity: true, active: true, description: '' };
  await admin.call('POST /api/admin/remote-sites', { body: { name: 'login', url: argus.fake.loginUrl, ...site } });
  expect(await stopped()).toBe('mail_site');
  await admin.call('POST /api/admin/remote-sites', { body: { name: 'graph', url: argus.fake.graphUrl, ...site } });
  expect(await stopped()).toBeNull();
  const user = await argus.signedIn('taro@argus.example');
  await admin.call('POST /api/admin/account-links', {
    body: { username: 'taro@argus.example', microsoftAccount: taroUpn },
  });
  expect(await done()).toEqual(['provider', 'sites', 'settings', 'links']);
  await user.authorize(taroUpn);
  await user.call('GET /api/new-arrivals', { query: {} });
  expect(await read()).toMatchObject({
    steps: expect.not.arrayContaining([expect.objectContaining({ done: false })]),
    provider: { name: 'Microsoft 365', secretExpiresOn: null },
    linkedUsers: { count: 1, exact: true },
    authorizedUsers: 1,
    lastSuccessAt: expect.any(String),
    openCauses: 0,
  });
});

test('S-3: a date that was entered, or a secret that is missing, stops nobody while mail comes; a refusal or silence since then does', async () => {
  const { prisma } = argus.database;
  const user = await argus.signedIn('taro@argus.example');
  const load = async () => {
    argus.advance(60_000);
    await user.send('GET', '/api/new-arrivals?refresh=true');
  };
  const passed = async () =>
    (await admin.call('GET /api/admin/notices')).items.filter(({ kind }) => kind === 'secret_date_passed');
  const enter = (consumerSecretExpiresOn: string | null) =>
    prisma.authProvider.updateMany({
      data: { consumerSecretExpiresOn: consumerSecretExpiresOn && new Date(consumerSecretExpiresOn) },
    });
  await enter('2020-01-01');
  await load();
  expect(await stopped()).toBeNull();
  const { lastSuccessAt, provider } = await read();
  expect(provider).toMatchObject({ secretExpiresOn: '2020-01-01', secretWorkedAt: lastSuccessAt });
  expect(await passed()).toMatchObject([{ providerName: 'Microsoft 365', expiresOn: '2020-01-01', lastSuccessAt }]);

  // Entra refuses the secret after that success.
  const { fake } = argus;
  const body = { json: { error: 'invalid_client', error_codes: [7000222] } };
  fake.control.addFault({ target: 'token', kind: 'status', status: 401, body });
  await expire();
  await load();
  expect(await stopped()).toBe('secret_expired');
  expect(await passed()).toEqual([]);
  fake.control.clearFaults();
  await load();
  expect(await stopped()).toBeNull();

  // Nobody has got mail since the day that was entered.
  const daysAgo = (days: number) => new Date(argus.services.now().getTime() - days * 86_400_000);
  await prisma.grant.updateMany({ data: { lastSuccessAt: daysAgo(2) } });
  await enter(daysAgo(1).toISOString().slice(0, 10));
  expect(await stopped()).toBe('secret_expired');
  await enter(null);

  await prisma.authProvider.updateMany({ data: { sealedConsumerSecret: null, updatedAt: argus.services.now() } });
  expect(await stopped()).toBe('secret_missing');
  expect(await done()).not.toContain('provider');
  await prisma.grant.updateMany({ data: { lastSuccessAt: new Date(argus.services.now().getTime() + 1000) } });
  // A public client has none.
  expect(await stopped()).toBeNull();
  expect(await done()).toContain('provider');
  const [{ id, version } = { id: '', version: 0 }] = (await admin.call('GET /api/admin/auth-providers')).items;
  await admin.call('PUT /api/admin/auth-providers/:id', { params: { id }, body: { ...providerOf(fake), version } });
});

test('people 11: what stops everybody is told with its place, and an error that somebody meets is counted until they recover', async () => {
  const change = misconfigure(argus, admin);
  await change.site('graph', false);
  expect(await stopped()).toBe('mail_site');
  const user = await argus.signedIn('taro@argus.example');
  argus.advance(60_000);
  // The list that was kept stays, with the problem beside it.
  const { problem } = await user.call('GET /api/new-arrivals', { query: { refresh: true } });
  expect(problem?.code).toBe('mail_site_not_registered');
  expect(await read()).toMatchObject({ openCauses: 1, affectedUsers: 1 });
  await change.site('graph', true);
  argus.advance(60_000);
  await user.call('GET /api/new-arrivals', { query: { refresh: true } });
  expect(await read()).toMatchObject({ stop: null, openCauses: 0, affectedUsers: 0 });
  const { prisma } = argus.database;
  await prisma.authProvider.updateMany({ data: { sealedConsumerSecret: null, updatedAt: argus.services.now() } });
  expect(await stopped()).toBe('secret_missing');
  await change.settings({ authProviderUrlSuffix: `${suffix}x` });
  expect(await stopped()).toBe('provider_missing');
});
