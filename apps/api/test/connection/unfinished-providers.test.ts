import type { BodyOf } from '@argus/contract/endpoint-map';
import { expect, test } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { stageEmptySetup } from '../support/empty-setup.ts';
import { fieldsOf, warningsOf } from '../support/fields-of.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { admin, argus } from '../support/stage-argus.ts';

stageEmptySetup();

type Form = BodyOf<'POST /api/admin/auth-providers'>;
const blank = { consumerKey: '', authorizeEndpointUrl: '', tokenEndpointUrl: '', defaultScopes: '' };
const halfOf = (change: Partial<Form> = {}): Form => {
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  return { ...form, ...blank, unfinished: true, ...change };
};
const namesOf = (problem: Parameters<typeof fieldsOf>[0]) =>
  fieldsOf(problem)
    ?.map(([field]) => field)
    .sort();
const create = (change: Partial<Form> = {}) => admin.call('POST /api/admin/auth-providers', { body: halfOf(change) });

test('people 13: a provider is kept while fields are missing, and says so instead of ten warnings', async () => {
  const created = await create();
  expect(created).toMatchObject({ unfinished: true, inUse: false, urlSuffix: suffix, consumerKey: '' });
  expect(created.callbackUrl).toBe(`${argus.url}/services/authcallback/${suffix}`);
  expect(warningsOf(created)).toEqual([['name', 'provider_unfinished']]);
});

test('people 13: what is there must be right all the same, and a secret needs the place it goes to', async () => {
  const wrong = await admin.fails('POST /api/admin/auth-providers', {
    body: halfOf({ tokenEndpointUrl: 'https:login', consumerKey: '１', urlSuffix: 'a/b' }),
  });
  expect(namesOf(wrong)).toEqual(['consumerKey', 'tokenEndpointUrl', 'urlSuffix']);
  const unnamed = await admin.fails('POST /api/admin/auth-providers', { body: halfOf({ name: '', urlSuffix: '' }) });
  expect(namesOf(unnamed)).toEqual(['name', 'urlSuffix']);
  const homeless = await admin.fails('POST /api/admin/auth-providers', { body: halfOf({ consumerSecret: 'secret' }) });
  expect(fieldsOf(homeless)).toEqual([['consumerSecret', 'secret_needs_token_endpoint']]);
  const { tokenEndpointUrl } = providerOf(argus.fake);
  expect(await create({ consumerSecret: 'secret', tokenEndpointUrl })).toMatchObject({
    consumerSecretSetAt: expect.any(String),
  });
});

test('people 13: nothing uses it, also where 基本設定 names it, until the rest is saved; then it stays finished', async () => {
  await saveSettings(argus, admin, {});
  const created = await create();
  const settings = await admin.call('GET /api/admin/settings');
  expect(warningsOf(settings)).toContainEqual(['authProviderUrlSuffix', 'suffix_unfinished']);
  expect((await admin.call('GET /api/admin/auth-providers/:id', { params: { id: created.id } })).inUse).toBe(false);
  expect(await admin.call('GET /api/admin/overview')).toMatchObject({ stop: 'provider_missing', provider: null });
  const person = await argus.signedIn('somebody@argus.example');
  const start = await person.send('GET', `/services/auth/oauth/${suffix}`);
  expect(start.headers.get('location') ?? '').not.toContain(argus.fake.loginUrl);
  await admin.call('POST /api/admin/account-links', {
    body: { username: 'somebody@argus.example', microsoftAccount: 'somebody@contoso.example' },
  });
  expect((await person.fails('GET /api/new-arrivals')).code).toBe('mail_provider_not_found');

  const params = { id: created.id };
  const done = await admin.call('PUT /api/admin/auth-providers/:id', {
    params,
    body: { ...providerOf(argus.fake), version: created.version },
  });
  expect(done).toMatchObject({ unfinished: false, inUse: true });
  const back = await admin.fails('PUT /api/admin/auth-providers/:id', {
    params,
    body: { ...halfOf(), version: done.version },
  });
  expect(namesOf(back)).toContain('consumerKey');
  const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'auth_provider_changed' } });
  expect(items[0]?.changes).toContainEqual({ field: 'unfinished', from: 'true', to: 'false' });
});
