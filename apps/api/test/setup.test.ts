import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView, SettingsView } from '@argus/contract/endpoints/setup';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { consumerSecretPlace } from '../src/records/auth-providers.ts';
import { type Browser, buildArgus, providerOf, settingsOf, suffix, type TestArgus } from './build-app.ts';

const site = {
  name: 'Graph',
  url: 'https://graph.example',
  disableProtocolSecurity: false,
  active: true,
  description: '',
};

let argus: TestArgus;
let admin: Browser;
beforeAll(async () => {
  argus = await buildArgus();
  admin = await argus.signedIn('admin@argus.example', 'admin');
});
afterAll(() => argus?.close());
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.authProvider.deleteMany({});
  await prisma.remoteSite.deleteMany({});
  await prisma.settings.deleteMany({});
  await prisma.auditEvent.deleteMany({});
});

function fieldsOf(problem: { fields?: { field: string; code: string }[] }) {
  return problem.fields?.map(({ field, code }) => [field, code]);
}
function warningsOf(view: { warnings: { field: string; code: string }[] }) {
  return view.warnings.map(({ field, code }) => [field, code]);
}
/** A name under `.invalid` exists nowhere (RFC 6761). */
const nowhere = 'https://graph.microsoft.invalid';

describe('基本設定', () => {
  async function put(change: Partial<SettingsView>) {
    const { version } = await admin.call('GET /api/admin/settings');
    return { ...settingsOf(argus.fake), version, ...change };
  }

  test('a new installation has settings that are valid and name the mail of Microsoft Graph', async () => {
    const settings = await admin.call('GET /api/admin/settings');
    expect(settings).toMatchObject({
      mailUrl: 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages',
      authProviderUrlSuffix: '',
      version: 1,
    });
    expect(settings).not.toHaveProperty('id');
    const { coverage, warnings, updatedAt, ...body } = settings;
    expect(coverage).toMatchObject([{ field: 'mailUrl', status: 'not_registered' }]);
    expect(warningsOf({ warnings })).toEqual([
      ['mailUrl', 'origin_not_registered'],
      ['authProviderUrlSuffix', 'suffix_unknown'],
    ]);
    expect(updatedAt).toEqual(expect.any(String));
    expect((await admin.call('PUT /api/admin/settings', { body })).version).toBe(2);
  });

  test.each([
    ['no URL', { mailUrl: '' }, 'mailUrl', 'required'],
    ['a word', { mailUrl: 'inbox' }, 'mailUrl', 'url_malformed'],
    ['a forgotten scheme', { mailUrl: 'graph.microsoft.com/v1.0/me/messages' }, 'mailUrl', 'url_malformed'],
    ['host:port', { mailUrl: 'localhost:8080/messages' }, 'mailUrl', 'url_malformed'],
    ['an unknown scheme', { mailUrl: 'ftp://graph.example/messages' }, 'mailUrl', 'url_scheme'],
    ['a script', { mailUrl: 'javascript:alert(1)' }, 'mailUrl', 'url_scheme'],
    ['no host', { mailUrl: 'https://' }, 'mailUrl', 'url_malformed'],
    ['a blank in the host', { mailUrl: 'https://graph .example/' }, 'mailUrl', 'url_malformed'],
    ['a password', { mailUrl: 'https://graph.example@evil.test/' }, 'mailUrl', 'url_userinfo'],
    ['a fragment', { mailUrl: 'https://graph.example/messages#x' }, 'mailUrl', 'url_fragment'],
    ['a percent sign in the host', { mailUrl: 'https://good%2eexample/' }, 'mailUrl', 'url_malformed'],
    ['a control character', { mailUrl: 'https://good.example\t.evil.test/' }, 'mailUrl', 'control_characters'],
    [
      'a suffix that begins with a digit',
      { authProviderUrlSuffix: '365' },
      'authProviderUrlSuffix',
      'suffix_malformed',
    ],
    ['a suffix with a hyphen', { authProviderUrlSuffix: 'a-b' }, 'authProviderUrlSuffix', 'suffix_malformed'],
    ['a suffix with __', { authProviderUrlSuffix: 'a__b' }, 'authProviderUrlSuffix', 'suffix_malformed'],
    ['a suffix that ends in _', { authProviderUrlSuffix: 'a_' }, 'authProviderUrlSuffix', 'suffix_malformed'],
    ['no mails', { mailCount: 0 }, 'mailCount', 'number_range'],
    ['51 mails', { mailCount: 51 }, 'mailCount', 'number_range'],
    ['a refresh every 29 s', { refreshIntervalSeconds: 29 }, 'refreshIntervalSeconds', 'number_range'],
    ['a refresh every 3601 s', { refreshIntervalSeconds: 3601 }, 'refreshIntervalSeconds', 'number_range'],
    ['a refresh every −1 s', { refreshIntervalSeconds: -1 }, 'refreshIntervalSeconds', 'number_range'],
    ['a total of 0 s', { totalTimeoutSeconds: 0, connectTimeoutSeconds: 0 }, 'connectTimeoutSeconds', 'number_range'],
    ['a total of 121 s', { totalTimeoutSeconds: 121 }, 'totalTimeoutSeconds', 'number_range'],
    [
      'connect after total',
      { connectTimeoutSeconds: 6, totalTimeoutSeconds: 5 },
      'connectTimeoutSeconds',
      'timeout_order',
    ],
    ['a number no database holds', { mailCount: 2 ** 40 }, 'mailCount', 'number_range'],
  ])('%s is refused at its field, and nothing changes', async (_, change, field, code) => {
    const before = await admin.call('GET /api/admin/settings');
    const problem = await admin.fails('PUT /api/admin/settings', { body: await put(change) });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(fieldsOf(problem)?.[0]).toEqual([field, code]);
    expect(problem.fields?.[0]?.message).toMatch(/[ぁ-んァ-ン]/);
    expect(await admin.call('GET /api/admin/settings')).toEqual(before);
  });

  test.each([
    { mailCount: 1, refreshIntervalSeconds: 0, connectTimeoutSeconds: 1, totalTimeoutSeconds: 1 },
    { mailCount: 50, refreshIntervalSeconds: 3600, connectTimeoutSeconds: 120, totalTimeoutSeconds: 120 },
    { refreshIntervalSeconds: 30 },
  ])('the limits themselves are allowed: %o', async (change) => {
    expect(await admin.call('PUT /api/admin/settings', { body: await put(change) })).toMatchObject(change);
  });

  test('what is well-formed but wrong is saved, with a warning at its field', async () => {
    const change = { mailUrl: `${nowhere}/v1.0/me/messages`, authProviderUrlSuffix: 'Unknown_One' };
    const saved = await admin.call('PUT /api/admin/settings', { body: await put(change) });
    expect(saved).toMatchObject(change);
    expect(warningsOf(saved).toSorted()).toEqual([
      ['authProviderUrlSuffix', 'suffix_unknown'],
      ['mailUrl', 'host_not_resolved'],
      ['mailUrl', 'mail_url_unusual'],
      ['mailUrl', 'origin_not_registered'],
    ]);
    expect(saved.warnings.find(({ code }) => code === 'origin_not_registered')).toMatchObject({ origin: nowhere });
    // A page that is merely shown looks at no network.
    const shown = await admin.call('GET /api/admin/settings');
    expect(warningsOf(shown)).not.toContainEqual(['mailUrl', 'host_not_resolved']);
    expect(shown.warnings).toHaveLength(3);
  });

  test('saving shows which origin will be called, what covers it, and what nearly does', async () => {
    const { graphUrl } = argus.fake;
    const nearby = new URL(graphUrl);
    nearby.port = '9';
    await admin.call('POST /api/admin/remote-sites', {
      body: { ...site, name: 'near', url: nearby.origin, disableProtocolSecurity: true },
    });
    const uncovered = await admin.call('PUT /api/admin/settings', { body: await put({}) });
    expect(uncovered.coverage).toMatchObject([
      {
        field: 'mailUrl',
        origin: graphUrl,
        status: 'not_registered',
        siteName: null,
        nearMisses: [{ origin: nearby.origin, difference: 'port', label: 'ポートの違い' }],
      },
    ]);
    await admin.call('POST /api/admin/remote-sites', {
      body: { ...site, name: 'graph', url: graphUrl, disableProtocolSecurity: true },
    });
    const covered = await admin.call('GET /api/admin/settings');
    expect(covered.coverage).toMatchObject([{ status: 'covered', origin: graphUrl, siteName: 'graph' }]);
  });

  test('a form that another administrator overtook is refused, and the audit log names each change', async () => {
    const body = await put({});
    await admin.call('PUT /api/admin/settings', { body });
    const stale = await admin.fails('PUT /api/admin/settings', { body: { ...body, mailCount: 3 } });
    expect(stale).toMatchObject({ status: 409, code: 'record_changed' });
    const current = await admin.call('GET /api/admin/settings');
    expect(current.mailCount).toBe(10);
    await admin.call('PUT /api/admin/settings', { body: { ...body, version: current.version, mailCount: 20 } });
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'settings_changed' } });
    expect(items[0]?.changes).toEqual([{ field: 'mailCount', from: '10', to: '20' }]);
  });

  test('E05: an internationalised host is shown as it is called, in punycode', async () => {
    const saved = await admin.call('PUT /api/admin/settings', {
      body: await put({ mailUrl: ' https://メール.ＥＸＡＭＰＬＥ/v1.0/me/mailFolders/inbox/messages ' }),
    });
    expect(saved.mailUrl).toBe('https://xn--4dkua4c.example/v1.0/me/mailFolders/inbox/messages');
  });
});

describe('covered origins', () => {
  test('are told for each URL of a form, without a call', async () => {
    await admin.call('POST /api/admin/remote-sites', { body: site });
    await admin.call('POST /api/admin/remote-sites', {
      body: { ...site, name: 'off', url: 'https://off.example', active: false },
    });
    const urls = [
      { field: 'a', url: 'https://GRAPH.example:443/v1.0' },
      { field: 'b', url: 'http://graph.example' },
      { field: 'c', url: 'https://off.example' },
      { field: 'd', url: 'https://169.254.169.254/' },
      { field: 'e', url: 'nonsense' },
    ];
    const before = argus.fake.control.requests().length;
    const { coverage } = await admin.call('POST /api/admin/covered-origins', { body: { urls } });
    expect(coverage.map(({ field, status, origin, siteName }) => [field, status, origin, siteName])).toEqual([
      ['a', 'covered', 'https://graph.example', 'Graph'],
      ['b', 'not_registered', 'http://graph.example', null],
      ['c', 'not_registered', 'https://off.example', null],
      ['d', 'address_denied', 'https://169.254.169.254', null],
      ['e', 'malformed', null, null],
    ]);
    expect(coverage[1]?.nearMisses).toMatchObject([{ difference: 'scheme' }]);
    expect(coverage[2]?.nearMisses).toMatchObject([{ difference: 'inactive' }]);
    expect(argus.fake.control.requests().length).toBe(before);
  });
});

describe('認証プロバイダ', () => {
  type NewProvider = BodyOf<'POST /api/admin/auth-providers'>;
  const bodyOf = (change: Partial<NewProvider>): NewProvider => ({ ...providerOf(argus.fake), ...change });
  const create = (change: Partial<NewProvider> = {}) =>
    admin.call('POST /api/admin/auth-providers', { body: bodyOf(change) });
  /** What the form sends that changes a provider and leaves the secret alone. */
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
    expect(argus.services.vault.open(stored.sealedConsumerSecret ?? '', consumerSecretPlace(created.id))).toBe(
      'another secret',
    );
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
    ['no authorize URL', { authorizeEndpointUrl: '' }, 'authorizeEndpointUrl', 'required'],
    ['an authorize URL with a script', { authorizeEndpointUrl: 'javascript:x' }, 'authorizeEndpointUrl', 'url_scheme'],
    ['a malformed token URL', { tokenEndpointUrl: 'https:login' }, 'tokenEndpointUrl', 'url_malformed'],
    ['a malformed issuer', { issuer: 'me' }, 'issuer', 'url_malformed'],
    ['no scopes', { defaultScopes: ' ' }, 'defaultScopes', 'required'],
    ['scopes in Japanese', { defaultScopes: 'openid　メール' }, 'defaultScopes', 'scope_malformed'],
    ['a resource with a blank', { resource: 'https://graph microsoft' }, 'resource', 'type_wrong'],
    ['a day that is none', { consumerSecretExpiresOn: '2027-02-30' }, 'consumerSecretExpiresOn', 'date_invalid'],
    ['a date in words', { consumerSecretExpiresOn: '来年' }, 'consumerSecretExpiresOn', 'date_invalid'],
  ])('%s is refused at its field, and nothing is made', async (_, change, field, code) => {
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
    // Its own suffix is no other's.
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

  test('an issuer is kept letter by letter, as it is compared so', async () => {
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

  test('a secret that cannot be opened breaks none of the pages that mend it', async () => {
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
    expect(argus.services.vault.open(sealedConsumerSecret ?? '', consumerSecretPlace(created.id))).toBe('a new one');
  });

  test('tells whether it is in use and by how many; deleting it takes the authorizations and their mail along', async () => {
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

describe('リモートサイト', () => {
  const create = (change: Partial<typeof site> = {}) =>
    admin.call('POST /api/admin/remote-sites', { body: { ...site, ...change } });

  test.each([
    ['https://GRAPH.Example:443/', 'https://graph.example', 'https://graph.example'],
    ['https://graph.example./v1.0/me', 'https://graph.example/v1.0/me', 'https://graph.example'],
    [' https://ｇｒａｐｈ。example ', 'https://graph.example', 'https://graph.example'],
    ['https://bücher.example:8443', 'https://xn--bcher-kva.example:8443', 'https://xn--bcher-kva.example:8443'],
  ])('E02 E05: %s is registered in its one canonical spelling', async (typed, url, origin) => {
    expect(await create({ url: typed })).toMatchObject({ url, origin });
  });

  test.each([
    ['no name', { name: '' }, 'name', 'required'],
    ['no URL', { url: '' }, 'url', 'required'],
    ['an unknown scheme', { url: 'file:///etc/passwd' }, 'url', 'url_scheme'],
    ['a wildcard', { url: 'https://*' }, 'url', 'url_malformed'],
    ['a wildcard in front', { url: 'https://*.graph.example' }, 'url', 'url_malformed'],
    ['a password', { url: 'https://a:b@graph.example' }, 'url', 'url_userinfo'],
    ['plain http', { url: 'http://graph.example' }, 'url', 'url_needs_protocol_security_off'],
    ['a control character in the description', { description: 'a\u0007' }, 'description', 'control_characters'],
  ])('%s is refused at its field, and nothing is made', async (_, change, field, code) => {
    const problem = await admin.fails('POST /api/admin/remote-sites', { body: { ...site, ...change } });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(fieldsOf(problem)).toEqual([[field, code]]);
    expect(await argus.database.prisma.remoteSite.count()).toBe(0);
  });

  test('plain http needs 「プロトコルセキュリティの無効化」', async () => {
    expect(await create({ url: 'http://graph.example', disableProtocolSecurity: true })).toMatchObject({
      url: 'http://graph.example',
    });
  });

  test('a site and a name stand in the list once, in whatever spelling', async () => {
    await create();
    const sameSite = await admin.fails('POST /api/admin/remote-sites', {
      body: { ...site, name: 'Other', url: 'https://graph.EXAMPLE./another/path' },
    });
    expect(sameSite).toMatchObject({ status: 409, code: 'value_taken' });
    expect(fieldsOf(sameSite)).toEqual([['url', 'site_taken']]);
    expect(sameSite.fields?.[0]?.message).toBe('このサイトは「Graph」として既に登録されています。');
    const sameName = await admin.fails('POST /api/admin/remote-sites', {
      body: { ...site, name: 'ＧＲＡＰＨ', url: 'https://other.example' },
    });
    expect(fieldsOf(sameName)).toEqual([['name', 'name_taken']]);
    const other = await create({ name: 'Other', url: 'https://other.example' });
    const moved = await admin.fails('PUT /api/admin/remote-sites/:id', {
      params: { id: other.id },
      body: { ...site, name: 'Other', version: other.version },
    });
    expect(fieldsOf(moved)).toEqual([['url', 'site_taken']]);
    expect(await argus.database.prisma.remoteSite.count()).toBe(2);
  });

  test('a host that does not resolve, or that may never be called, is saved with a warning', async () => {
    const unresolved = await create({ url: nowhere });
    expect(warningsOf(unresolved)).toEqual([['url', 'host_not_resolved']]);
    expect(unresolved.warnings[0]?.message).toContain('graph.microsoft.invalid');
    const denied = await create({ name: 'metadata', url: 'https://169.254.169.254' });
    expect(warningsOf(denied)).toEqual([['url', 'origin_address_denied']]);
    const { items } = await admin.call('GET /api/admin/remote-sites');
    expect(items.map(({ name, warnings }) => [name, warnings.map(({ code }) => code)])).toEqual([
      ['Graph', []],
      ['metadata', ['origin_address_denied']],
    ]);
  });

  test('tells what calls it', async () => {
    await argus.connect();
    const { items } = await admin.call('GET /api/admin/remote-sites');
    expect(items.map(({ name, usedBy }) => [name, usedBy])).toEqual([
      ['graph', [{ kind: 'mail_url', name: settingsOf(argus.fake).mailUrl }]],
      ['login', [{ kind: 'token_endpoint', name: 'Microsoft 365' }]],
    ]);
  });

  test('changes, a stale form and the removal are kept in the audit log', async () => {
    const created = await create();
    const params = { id: created.id };
    const body = { ...site, active: false, version: created.version };
    const changed = await admin.call('PUT /api/admin/remote-sites/:id', { params, body });
    expect(changed).toMatchObject({ active: false, version: 2 });
    expect(await admin.fails('PUT /api/admin/remote-sites/:id', { params, body })).toMatchObject({
      code: 'record_changed',
    });
    expect(await admin.call('GET /api/admin/remote-sites/:id', { params })).toMatchObject({ active: false });
    await admin.call('DELETE /api/admin/remote-sites/:id', { params });
    expect(await admin.fails('GET /api/admin/remote-sites/:id', { params })).toMatchObject({ status: 404 });
    const { items } = await admin.call('GET /api/admin/audit-events');
    expect(items.map(({ action, changes }) => [action, changes])).toEqual([
      ['remote_site_deleted', [{ field: 'url', from: 'https://graph.example', to: null }]],
      ['remote_site_changed', [{ field: 'active', from: 'true', to: 'false' }]],
      ['remote_site_created', [{ field: 'url', from: null, to: 'https://graph.example' }]],
    ]);
  });
});
