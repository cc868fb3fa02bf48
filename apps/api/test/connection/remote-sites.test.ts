import { describe, expect, test } from 'vitest';
import { settingsOf } from '../support/build-app.ts';
import { nowhere, plainSite as site, stageEmptySetup } from '../support/empty-setup.ts';
import { fieldsOf, warningsOf } from '../support/fields-of.ts';
import { admin, argus } from '../support/stage-argus.ts';

stageEmptySetup();

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
  ])('%s is refused at its field, and nothing is created', async (_, change, field, code) => {
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

  test('a site and a name can be listed only once, in any spelling', async () => {
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
    expect(warningsOf(denied)).toEqual([['url', 'origin_address_closed']]);
    const { items } = await admin.call('GET /api/admin/remote-sites');
    expect(items.map(({ name, warnings }) => [name, warnings.map(({ code }) => code)])).toEqual([
      ['Graph', []],
      ['metadata', ['origin_address_closed']],
    ]);
  });

  test('shows what calls it', async () => {
    await argus.connect();
    const { items } = await admin.call('GET /api/admin/remote-sites');
    expect(items.map(({ name, usedBy }) => [name, usedBy])).toEqual([
      ['graph', [{ kind: 'mail_url', name: settingsOf(argus.fake).mailUrl }]],
      ['login', [{ kind: 'token_endpoint', name: 'Microsoft 365' }]],
    ]);
  });

  test('a change and the removal are in the audit log; a stale form is refused', async () => {
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
