import { expect, test } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { meetError } from '../support/meet-error.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();

const explained = async (code: string, errorId: string) =>
  admin.call('GET /api/admin/error-catalogue/:code', { params: { code }, query: { errorId } });
const mendPaths = (entry: { causes: readonly { mendAt: string | null }[] }) => entry.causes.map(({ mendAt }) => mendAt);

test('people 1: every link of an error leads to the provider, the site and the user that failed', async () => {
  const params = { suffix: 'Contoso365', origin: 'https://login.contoso.example' };
  const { user: taro } = await user.call('GET /api/session');
  const accountId = taro?.id ?? '';
  const errorId = await meetError(argus, { code: 'authorization_site_not_registered', accountId, params });
  const { entry, event } = await explained('authorization_site_not_registered', errorId);
  const paths = [
    `/admin/auth-providers?field=tokenEndpointUrl&suffix=Contoso365&for=${accountId}`,
    `/admin/remote-sites?add=https%3A%2F%2Flogin.contoso.example&for=${accountId}`,
    `/admin/remote-sites?add=https%3A%2F%2Flogin.contoso.example&for=${accountId}`,
  ];
  expect(mendPaths(entry)).toEqual(paths);
  expect(event?.problem.admin?.causes.map(({ mendAt }) => mendAt)).toEqual(paths);
  const { items } = await admin.call('GET /api/admin/error-causes');
  // An incident concerns many users.
  expect(items.find(({ code }) => code === entry.code)?.mendAt).toBe(
    '/admin/auth-providers?field=tokenEndpointUrl&suffix=Contoso365',
  );
  const mismatch = await meetError(argus, { code: 'mail_account_mismatch', accountId, params: { suffix } });
  expect(mendPaths((await explained('mail_account_mismatch', mismatch)).entry)).toContain(
    '/admin/account-links?q=taro%40argus.example',
  );
});

test('people 5: an explanation that was opened by an error has its record and its values; one of another error has not', async () => {
  const params = { suffix, origin: 'https://graph.example', status: 503 };
  const errorId = await meetError(argus, { code: 'mail_upstream_error', params });
  const { event } = await explained('mail_upstream_error', errorId);
  expect(event).toMatchObject({ errorId, username, suffix, problem: { admin: { origin: params.origin } } });
  expect(event?.problem.lines.at(-1)).toMatch(/^エラー：503 ./);
  expect((await explained('mail_timeout', errorId)).event).toBeNull();
  expect((await explained('mail_upstream_error', '7F3K-29QD')).event).toBeNull();
});

test('people 4: a site that is switched off is the first cause, and no cause where it is not there', async () => {
  await user.authorize(taroUpn);
  const first = async () => {
    const { errorId } = await user.fails('GET /api/new-arrivals', { query: { refresh: true } });
    const { event } = await explained('mail_site_not_registered', errorId ?? '');
    return event?.problem.admin?.causes.map(({ condition }) => condition.includes('有効でない'));
  };
  await change.site('graph', false);
  expect(await first()).toEqual([true, false]);
  const { items } = await admin.call('GET /api/admin/remote-sites');
  const { id = '', version = 0 } = items.find(({ name }) => name === 'graph') ?? {};
  await admin.call('DELETE /api/admin/remote-sites/:id', { params: { id }, query: { version } });
  argus.advance(10_000);
  expect(await first()).toEqual([false, false]);
});

test('people 2: a user has recovered at the provider that failed, and what is not in use comes last', async () => {
  const { prisma } = argus.database;
  const at = (accountId: string, providerId: string, lastSuccessAt: Date) =>
    prisma.grant.create({
      data: {
        accountId,
        providerId,
        status: 'authorized',
        microsoftAccount: 'x',
        authorizedAt: lastSuccessAt,
        lastSuccessAt,
      },
    });
  const other = await admin.call('POST /api/admin/auth-providers', {
    body: { ...providerOf(argus.fake), name: 'Contoso', urlSuffix: 'Contoso' },
  });
  const present = await prisma.authProvider.findFirstOrThrow({ where: { urlSuffix: suffix } });
  const [recovered, waiting] = [await argus.addAccount('a@argus.example'), await argus.addAccount('b@argus.example')];
  const meet = (name: string, accountId: string, of: string) =>
    meetError(argus, { code: 'mail_timeout', username: name, accountId, ago: 60_000, params: { suffix: of } });
  await meet('a@argus.example', recovered, 'contoso');
  await meet('b@argus.example', waiting, suffix);
  const now = argus.services.now();
  await at(recovered, other.id, now);
  // A success at another provider than the one that failed proves nothing.
  await at(waiting, other.id, now);
  const read = async () => {
    const { items } = await admin.call('GET /api/admin/error-causes');
    return items
      .filter(({ code }) => code === 'mail_timeout')
      .map((cause) => [cause.suffix, cause.recoveredUsers, cause.ofPresentProvider]);
  };
  expect(await read()).toEqual([
    [suffix, 0, true],
    ['contoso', 1, false],
  ]);
  const { items } = await admin.call('GET /api/admin/error-causes');
  const { id = 0 } = items.find((cause) => cause.suffix === 'contoso') ?? {};
  const users = await admin.call('GET /api/admin/error-causes/:id/users', { params: { id: String(id) } });
  expect(users.items).toMatchObject([{ username: 'a@argus.example', lastSuccessAt: now.toISOString() }]);
  // Among what is in use, open causes come before recovered ones, however many users those have.
  for (const name of ['c@argus.example', 'd@argus.example']) {
    const accountId = await argus.addAccount(name);
    await meetError(argus, { code: 'mail_throttled', username: name, accountId, ago: 60_000, params: { suffix } });
    await at(accountId, present.id, now);
  }
  for (const name of ['e', 'f']) await meet(`${name}@argus.example`, recovered, 'contoso');
  const order = (await admin.call('GET /api/admin/error-causes')).items
    .filter(({ code }) => ['mail_timeout', 'mail_throttled'].includes(code))
    .map((cause) => `${cause.code} ${cause.suffix}`);
  expect(order).toEqual([`mail_timeout ${suffix}`, `mail_throttled ${suffix}`, 'mail_timeout contoso']);
});
