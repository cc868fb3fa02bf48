import { expect, test } from 'vitest';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { misconfigure } from '../support/misconfigure.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

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
  await prisma.authProvider.updateMany({ data: { sealedConsumerSecret: null } });
  expect(await stopped()).toBe('secret_missing');
  await change.settings({ authProviderUrlSuffix: `${suffix}x` });
  expect(await stopped()).toBe('provider_missing');
});
