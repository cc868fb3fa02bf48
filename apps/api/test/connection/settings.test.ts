import type { SettingsView } from '@argus/contract/endpoints/connection/setup';
import { describe, expect, test } from 'vitest';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { nowhere, plainSite as site, stageEmptySetup } from '../support/empty-setup.ts';
import { fieldsOf, warningsOf } from '../support/fields-of.ts';
import { admin, argus } from '../support/stage-argus.ts';

stageEmptySetup();

describe('基本設定', () => {
  async function put(change: Partial<SettingsView>) {
    const { version } = await admin.call('GET /api/admin/settings');
    return { ...settingsOf(argus.fake), version, ...change };
  }

  test('people 32: whom to ask about a forgotten password is told to whoever is not signed in, and stays where a form does not name it', async () => {
    const shown = async () => (await argus.browser().send('GET', '/api/session')).body as { signInHelp?: string };
    expect(await shown()).not.toHaveProperty('signInHelp');
    const signInHelp = '情報システム部（内線1234）に連絡してください。';
    await admin.call('PUT /api/admin/settings', { body: await put({ signInHelp: `  ${signInHelp} ` }) });
    await admin.call('PUT /api/admin/settings', { body: await put({ mailCount: 7 }) });
    expect((await shown()).signInHelp).toBe(signInHelp);
    expect(await admin.call('GET /api/session')).not.toHaveProperty('signInHelp');
    const reversed = await admin.fails('PUT /api/admin/settings', { body: await put({ signInHelp: 'a\u202eb' }) });
    expect(reversed.fields).toMatchObject([{ field: 'signInHelp', code: 'control_characters' }]);
    await admin.call('PUT /api/admin/settings', { body: await put({ signInHelp: '' }) });
    expect(await shown()).not.toHaveProperty('signInHelp');
    await argus.services.db.settings.deleteMany();
  });

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
    ['a refresh every 29 s', { refreshIntervalSeconds: 29 }, 'refreshIntervalSeconds', 'number_range_or'],
    ['a refresh every 3601 s', { refreshIntervalSeconds: 3601 }, 'refreshIntervalSeconds', 'number_range_or'],
    ['a refresh every −1 s', { refreshIntervalSeconds: -1 }, 'refreshIntervalSeconds', 'number_range_or'],
    ['a warning after 721 h', { noSuccessHours: 721 }, 'noSuccessHours', 'number_range_or'],
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

  test('where 0 is allowed beside a range, the refusal says so', async () => {
    const problem = await admin.fails('PUT /api/admin/settings', { body: await put({ noSuccessHours: 721 }) });
    expect(problem.fields?.[0]?.message).toBe('0、または1から720までの整数を入力してください。');
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
    const site = { name: 'off', url: nowhere, disableProtocolSecurity: false, active: false, description: '' };
    const { id } = await admin.call('POST /api/admin/remote-sites', { body: site });
    expect(warningsOf(await admin.call('GET /api/admin/settings'))).toContainEqual(['mailUrl', 'origin_inactive']);
    await admin.call('DELETE /api/admin/remote-sites/:id', { params: { id } });
    // Merely showing the page makes no network access.
    const shown = await admin.call('GET /api/admin/settings');
    expect(warningsOf(shown)).not.toContainEqual(['mailUrl', 'host_not_resolved']);
    expect(shown.warnings).toHaveLength(3);
  });

  test('saving shows which origin will be called, which remote site covers it, and which nearly does', async () => {
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

test('people 12: a suffix that no provider has is told with those that there are', async () => {
  await admin.call('POST /api/admin/auth-providers', { body: providerOf(argus.fake) });
  const { version } = await admin.call('GET /api/admin/settings');
  const body = { ...settingsOf(argus.fake), authProviderUrlSuffix: 'Microsoft356', version };
  const { warnings } = await admin.call('PUT /api/admin/settings', { body });
  const told = warnings.find(({ field }) => field === 'authProviderUrlSuffix');
  expect(told).toMatchObject({
    code: 'suffix_other',
    message: expect.stringContaining(`登録されている接尾辞：${suffix}。`),
  });
});

describe('covered origins', () => {
  test('are reported for each URL of a form, without a call', async () => {
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
      ['c', 'inactive', 'https://off.example', null],
      ['d', 'address_closed', 'https://169.254.169.254', null],
      ['e', 'malformed', null, null],
    ]);
    expect(coverage[1]?.nearMisses).toMatchObject([{ difference: 'scheme' }]);
    expect(coverage[2]?.nearMisses).toMatchObject([{ difference: 'inactive' }]);
    expect(argus.fake.control.requests().length).toBe(before);
  });
});
