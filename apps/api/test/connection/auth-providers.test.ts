import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { describe, expect, test } from 'vitest';
import { consumerSecretPlace } from '../../src/connection/records/auth-providers.ts';
import { providerOf, suffix } from '../support/build-app.ts';
import { nowhere, stageEmptySetup } from '../support/empty-setup.ts';
import { fieldsOf, warningsOf } from '../support/fields-of.ts';
import { admin, argus } from '../support/stage-argus.ts';

stageEmptySetup();

const placeOf = ({ id, tokenEndpointUrl }: { id: string; tokenEndpointUrl: string }) =>
  consumerSecretPlace(id, new URL(tokenEndpointUrl).origin);

describe('認証プロバイダ', () => {
  type NewProvider = BodyOf<'POST /api/admin/auth-providers'>;
  const bodyOf = (change: Partial<NewProvider>): NewProvider => ({ ...providerOf(argus.fake), ...change });
  const create = (change: Partial<NewProvider> = {}) =>
    admin.call('POST /api/admin/auth-providers', { body: bodyOf(change) });
  /** What the form sends to change a provider without its secret. */
  function formOf(view: AuthProviderView, change: Partial<AuthProviderView> & { consumerSecret?: string } = {}) {
    const { consumerSecret: _, ...fields } = providerOf(argus.fake);
    const shown = Object.fromEntries(Object.keys(fields).map((name) => [name, view[name as keyof AuthProviderView]]));
    return { ...(shown as typeof fields), version: view.version, ...change };
  }
  const row = async () => argus.database.prisma.authProvider.findFirstOrThrow();

  test('gives the callback and start URLs; the secret goes in, sealed, and never comes out', async () => {
    const secret = 'a secret that nobody sees';
    const created = await create({ consumerSecret: secret, consumerSecretExpiresOn: '2027/5/20' });
    expect(created).toMatchObject({
      callbackUrl: `${argus.url}/services/authcallback/${suffix}`,
      startUrl: `${argus.url}/services/auth/oauth/${suffix}`,
      inUse: false,
      authorizedUsers: 0,
      consumerSecretSetAt: expect.any(String),
      consumerSecretExpiresOn: '2027-05-20',
      version: 1,
    });
    const changed = await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id: created.id },
      body: formOf(created, { name: 'その他', consumerSecret: 'another secret' }),
    });
    const stored = await row();
    expect(argus.services.vault.open(stored.sealedConsumerSecret ?? '', placeOf(created))).toBe('another secret');
    const replies = JSON.stringify([
      created,
      changed,
      await admin.call('GET /api/admin/auth-providers'),
      await admin.call('GET /api/admin/auth-providers/:id', { params: { id: created.id } }),
      await admin.call('GET /api/admin/audit-events'),
    ]);
    expect(replies).not.toMatch(/a secret that nobody sees|another secret|sealed|v1\.k1/);
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'auth_provider_changed' } });
    expect(items[0]?.changes.map(({ field }) => field)).toEqual(['name', 'consumerSecret']);
  });

  test('a change without a secret keeps the stored one', async () => {
    const created = await create();
    const before = await row();
    await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id: created.id },
      body: formOf(created, { name: '別の名前' }),
    });
    const after = await row();
    expect(after).toMatchObject({
      name: '別の名前',
      sealedConsumerSecret: before.sealedConsumerSecret,
      consumerSecretSetAt: before.consumerSecretSetAt,
    });
  });

  test.each([
    ['no name', { name: ' ' }, 'name', 'required'],
    ['no suffix', { urlSuffix: '' }, 'urlSuffix', 'required'],
    ['a suffix with a slash', { urlSuffix: 'a/b' }, 'urlSuffix', 'suffix_malformed'],
    ['a Japanese suffix', { urlSuffix: 'マイクロソフト' }, 'urlSuffix', 'suffix_malformed'],
    ['no consumer key', { consumerKey: '' }, 'consumerKey', 'required'],
    ['an empty secret', { consumerSecret: '' }, 'consumerSecret', 'required'],
    ['a blank secret', { consumerSecret: '  ' }, 'consumerSecret', 'required'],
    ['a key with a full-width letter', { consumerKey: '１1111111' }, 'consumerKey', 'ascii_only'],
    ['a secret with an invisible character', { consumerSecret: 'ab\u200bcd' }, 'consumerSecret', 'ascii_only'],
    ['a secret in Japanese', { consumerSecret: '秘密' }, 'consumerSecret', 'ascii_only'],
    ['no authorize URL', { authorizeEndpointUrl: '' }, 'authorizeEndpointUrl', 'required'],
    ['an authorize URL with a script', { authorizeEndpointUrl: 'javascript:x' }, 'authorizeEndpointUrl', 'url_scheme'],
    ['a malformed token URL', { tokenEndpointUrl: 'https:login' }, 'tokenEndpointUrl', 'url_malformed'],
    ['a malformed issuer', { issuer: 'me' }, 'issuer', 'url_malformed'],
    ['no scopes', { defaultScopes: ' ' }, 'defaultScopes', 'required'],
    ['scopes in Japanese', { defaultScopes: 'openid　メール' }, 'defaultScopes', 'scope_malformed'],
    ['a resource with a blank', { resource: 'https://graph microsoft' }, 'resource', 'type_wrong'],
    ['a day that does not exist', { consumerSecretExpiresOn: '2027-02-30' }, 'consumerSecretExpiresOn', 'date_invalid'],
    ['a date in words', { consumerSecretExpiresOn: '来年' }, 'consumerSecretExpiresOn', 'date_invalid'],
  ])('%s is refused at its field, and nothing is created', async (_, change, field, code) => {
    const problem = await admin.fails('POST /api/admin/auth-providers', { body: bodyOf(change) });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(fieldsOf(problem)).toEqual([[field, code]]);
    expect(await argus.database.prisma.authProvider.count()).toBe(0);
  });

  test('an empty secret does not replace the stored one', async () => {
    const created = await create();
    const before = await row();
    const problem = await admin.fails('PUT /api/admin/auth-providers/:id', {
      params: { id: created.id },
      body: formOf(created, { name: 'x', consumerSecret: '' }),
    });
    expect(fieldsOf(problem)).toEqual([['consumerSecret', 'required']]);
    expect(await row()).toEqual(before);
  });

  test('a suffix is unique without regard to case', async () => {
    const created = await create();
    const taken = await admin.fails('POST /api/admin/auth-providers', { body: bodyOf({ urlSuffix: 'microsoft365' }) });
    expect(taken).toMatchObject({ status: 409, code: 'value_taken' });
    expect(fieldsOf(taken)).toEqual([['urlSuffix', 'suffix_taken']]);
    const other = await create({ urlSuffix: 'Other' });
    const moved = await admin.fails('PUT /api/admin/auth-providers/:id', {
      params: { id: other.id },
      body: formOf(other, { urlSuffix: 'MICROSOFT365' }),
    });
    expect(moved.code).toBe('value_taken');
    // Its own suffix does not conflict.
    const recased = await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id: created.id },
      body: formOf(created, { urlSuffix: 'microsoft365' }),
    });
    expect(recased.urlSuffix).toBe('microsoft365');
  });

  test('what is well-formed but wrong is saved, with warnings', async () => {
    const { consumerSecret: _, ...withoutSecret } = bodyOf({
      defaultScopes: 'openid  Mail.Read',
      tokenEndpointUrl: `${nowhere}/token`,
    });
    const saved = await admin.call('POST /api/admin/auth-providers', { body: withoutSecret });
    expect(saved).toMatchObject({ defaultScopes: 'openid Mail.Read', consumerSecretSetAt: null });
    expect(warningsOf(saved).toSorted()).toEqual([
      ['authorizeEndpointUrl', 'authorize_origin_differs'],
      ['consumerSecret', 'secret_missing'],
      ['defaultScopes', 'offline_access_missing'],
      ['tokenEndpointUrl', 'host_not_resolved'],
      ['tokenEndpointUrl', 'origin_not_registered'],
    ]);
    const shown = await admin.call('GET /api/admin/auth-providers/:id', { params: { id: saved.id } });
    expect(warningsOf(shown)).not.toContainEqual(['tokenEndpointUrl', 'host_not_resolved']);
  });

  test('a v1 endpoint names a resource and needs no scopes', async () => {
    const saved = await create({ resource: 'https://graph.microsoft.com', defaultScopes: '' });
    expect(saved).toMatchObject({ resource: 'https://graph.microsoft.com', defaultScopes: '' });
    expect(warningsOf(saved)).not.toContainEqual(['defaultScopes', 'offline_access_missing']);
  });

  test('an issuer is stored exactly as entered, because it is compared exactly', async () => {
    const saved = await create({ issuer: 'https://LOGIN.example:443/tenant' });
    expect(saved.issuer).toBe('https://LOGIN.example:443/tenant');
    const none = await create({ urlSuffix: 'Other', issuer: ' ' });
    expect(none.issuer).toBeNull();
  });

  test('a form that another administrator overtook is refused', async () => {
    const created = await create();
    const params = { id: created.id };
    await admin.call('PUT /api/admin/auth-providers/:id', { params, body: formOf(created) });
    const stale = await admin.fails('PUT /api/admin/auth-providers/:id', {
      params,
      body: formOf(created, { name: 'x', consumerSecret: 'y' }),
    });
    expect(stale).toMatchObject({ status: 409, code: 'record_changed' });
    expect(await row()).toMatchObject({ name: created.name, version: 2 });
  });

  test('a secret that cannot be opened breaks none of the pages that fix it', async () => {
    const created = await create();
    await argus.database.prisma.authProvider.updateMany({ data: { sealedConsumerSecret: 'v1.gone.AAAA.AAAA.AAAA' } });
    const params = { id: created.id };
    await admin.call('GET /api/admin/auth-providers');
    await admin.call('GET /api/admin/settings');
    await admin.call('GET /api/admin/remote-sites');
    const shown = await admin.call('GET /api/admin/auth-providers/:id', { params });
    const body = formOf(shown, { consumerSecret: 'a new one' });
    await admin.call('PUT /api/admin/auth-providers/:id', { params, body });
    const { sealedConsumerSecret } = await row();
    expect(argus.services.vault.open(sealedConsumerSecret ?? '', placeOf(created))).toBe('a new one');
  });

  test('reports whether it is in use and by how many; deleting it deletes the authorizations and their mail', async () => {
    const { prisma } = argus.database;
    await argus.connect();
    const user = await argus.signedIn('taro@argus.example');
    const link = { username: 'taro@argus.example', microsoftAccount: 'taro.yamada@contoso.example' };
    await admin.call('POST /api/admin/account-links', { body: link });
    await user.authorize('taro.yamada@contoso.example');
    await user.call('GET /api/new-arrivals');
    const { items } = await admin.call('GET /api/admin/auth-providers');
    expect(items).toMatchObject([{ inUse: true, authorizedUsers: 1 }]);
    const params = { id: items[0]?.id ?? '' };
    expect([await prisma.grant.count(), await prisma.mailCache.count()]).toEqual([1, 1]);
    await admin.call('DELETE /api/admin/auth-providers/:id', { params });
    expect([await prisma.grant.count(), await prisma.mailCache.count()]).toEqual([0, 0]);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_provider_not_found' });
    expect(await admin.fails('DELETE /api/admin/auth-providers/:id', { params })).toMatchObject({ status: 404 });
    await prisma.accountLink.deleteMany({});
  });
});
