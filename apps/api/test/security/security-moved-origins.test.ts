import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebindSeals } from '../../src/connection/rebind-seals.ts';
import { grantTokensPlace } from '../../src/connection/records/grants.ts';
import { type Browser, providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { runDoctor } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const jiroUpn = demoUsers.jiro.userPrincipalName;
const refresh = { query: { refresh: true } };

/** The host of an attacker, which the list of remote sites lets through. */
let thief: Server;
let thiefUrl: string;
let stolen: string[];

stageLinkedTaro();
beforeAll(async () => {
  thief = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      stolen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}');
    });
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  thiefUrl = `http://localhost:${(thief.address() as AddressInfo).port}`;
  await admin.call('POST /api/admin/remote-sites', {
    body: { name: 'thief', url: thiefUrl, disableProtocolSecurity: true, active: true, description: '' },
  });
});
afterAll(() => {
  thief?.closeAllConnections();
  thief?.close();
});
beforeEach(async () => {
  stolen = [];
  await user.authorize(taroUpn);
  // A hijacked session: signed in, without knowing the password.
  admin.cookies.clear();
  await admin.signIn('admin@argus.example');
});
afterEach(async () => {
  argus.fake.control.clearFaults();
  await change.restore();
});

const provider = async () => {
  const [found] = (await admin.call('GET /api/admin/auth-providers')).items.filter((item) => item.urlSuffix === suffix);
  if (!found) throw new Error('no provider');
  return found;
};
const tokenEndpointUrl = () => `${thiefUrl}/oauth2/v2.0/token`;

/** Saves the provider as its form does. */
async function saveProvider(body: Record<string, unknown>) {
  const { id, version } = await provider();
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  return { params: { id }, body: { ...form, ...body, version } };
}
async function saveSettings(body: Record<string, unknown>) {
  const { version } = await admin.call('GET /api/admin/settings');
  return { body: { ...settingsOf(argus.fake), ...body, version } };
}

/** Makes Argus call all its endpoints. */
async function useEverything() {
  await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
  await user.send('GET', '/api/new-arrivals?refresh=true');
  await runDoctor(admin, username);
  await runDoctor(admin, null);
  await user.send('GET', '/api/new-arrivals?refresh=true');
}

describe('S-2: the token endpoint of another origin', () => {
  it('S-2: requires the secret again, at its field, and the password; without them nothing is changed or sent', async () => {
    const withoutSecret = await admin.fails(
      'PUT /api/admin/auth-providers/:id',
      await saveProvider({ tokenEndpointUrl: tokenEndpointUrl() }),
    );
    expect(withoutSecret.fields).toMatchObject([{ field: 'consumerSecret', code: 'secret_for_new_origin' }]);
    const withSecret = await saveProvider({
      tokenEndpointUrl: tokenEndpointUrl(),
      consumerSecret: 'made up by the thief',
    });
    expect(await admin.fails('PUT /api/admin/auth-providers/:id', withSecret)).toMatchObject({
      status: 403,
      code: 'reauthentication_needed',
    });
    expect((await provider()).tokenEndpointUrl).toBe(providerOf(argus.fake).tokenEndpointUrl);
    await useEverything();
    expect(stolen).toEqual([]);
  });

  it('S-2: even with the password neither the stored secret nor anybody’s token is sent to the new address', async () => {
    await admin.proveSelf();
    const secret = providerOf(argus.fake).consumerSecret;
    await admin.call(
      'PUT /api/admin/auth-providers/:id',
      await saveProvider({ tokenEndpointUrl: tokenEndpointUrl(), consumerSecret: 'made up by the thief' }),
    );
    await useEverything();
    expect(stolen.length).toBeGreaterThan(0);
    const { sealedTokens } = await argus.services.db.grant.findFirstOrThrow();
    expect(sealedTokens).not.toBeNull();
    for (const call of stolen) {
      expect(call).not.toContain(secret);
      expect(call).not.toMatch(/refresh_token|Bearer|authorization_code/);
    }
  });

  it('S-2: names beforehand who must authorize again, suspends them, and restores them once it is back', async () => {
    const { id } = await provider();
    const preview = await admin.call('POST /api/admin/auth-providers/:id/origin-move', {
      params: { id },
      body: { tokenEndpointUrl: tokenEndpointUrl() },
    });
    expect(preview).toMatchObject({
      moves: true,
      from: `${argus.fake.loginUrl}/${demoTenant.id}`,
      to: `${thiefUrl}/oauth2`,
      suspends: 1,
      names: [username],
      needsSecret: true,
      needsPassword: true,
    });
    await change.provider({ tokenEndpointUrl: tokenEndpointUrl() });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_connection_moved',
      retry: { kind: 'after_reconnect' },
    });
    const audited = await argus.services.db.auditEvent.findFirstOrThrow({
      where: { action: 'token_endpoint_moved' },
      orderBy: { id: 'desc' },
    });
    expect(audited.details).toMatchObject({
      changes: [
        { field: 'tokenEndpointUrl', from: `${argus.fake.loginUrl}/${demoTenant.id}`, to: `${thiefUrl}/oauth2` },
        { field: 'suspendedGrants', to: '1' },
      ],
    });
    await change.restore();
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized', lastError: null });
  });

  it('S-2: another path of the same origin needs no secret, and nobody loses the authorization', async () => {
    await admin.proveSelf();
    const path = providerOf(argus.fake).tokenEndpointUrl.replace('/token', '/tokne');
    const { tokenEndpointUrl: saved } = await admin.call(
      'PUT /api/admin/auth-providers/:id',
      await saveProvider({ tokenEndpointUrl: path }),
    );
    expect(saved).toBe(path);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it('S-2: a flow that was at Microsoft ends, and its code goes to neither endpoint', async () => {
    const path = await user.consent(taroUpn);
    await change.provider({ tokenEndpointUrl: tokenEndpointUrl() });
    argus.fake.control.clearRequests();
    expect((await user.send('GET', path)).status).toBe(400);
    expect(stolen).toEqual([]);
    expect(argus.fake.control.requests().filter((request) => request.path.endsWith('/token'))).toEqual([]);
  });
});

describe('S-2: 「URL」 of another origin', () => {
  const mailUrl = () => `${thiefUrl}/v1.0/me/mailFolders/inbox/messages`;

  it('S-2: asks for the password before anybody’s token could go there', async () => {
    expect(await admin.fails('PUT /api/admin/settings', await saveSettings({ mailUrl: mailUrl() }))).toMatchObject({
      status: 403,
      code: 'reauthentication_needed',
    });
    await useEverything();
    expect(stolen).toEqual([]);
  });

  it('S-2: asks for it even if everybody’s authorization was revoked first', async () => {
    await user.call('DELETE /api/authorization');
    expect(await argus.services.db.grant.count()).toBe(0);
    expect(await admin.fails('PUT /api/admin/settings', await saveSettings({ mailUrl: mailUrl() }))).toMatchObject({
      code: 'reauthentication_needed',
    });
  });

  it('S-2: with the password it is saved, and no earlier token is sent there', async () => {
    await admin.proveSelf();
    const preview = await admin.call('POST /api/admin/settings/origin-move', { body: { mailUrl: mailUrl() } });
    expect(preview).toMatchObject({ moves: true, suspends: 1, names: [username], needsPassword: false });
    await admin.call('PUT /api/admin/settings', await saveSettings({ mailUrl: mailUrl() }));
    await useEverything();
    expect(stolen).toEqual([]);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_connection_moved' });
    await change.restore();
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('S-2: a fault of the new site is reported first, as an administrator fixes it', async () => {
    await change.settings({ mailUrl: 'http://not-listed.example/v1.0/me/messages' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_site_not_registered' });
    await change.settings({ mailUrl: `${await change.closedSite()}/v1.0/me/messages` });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_endpoint_unreachable' });
  });
});

describe('S-2: the password', () => {
  it('S-2: counts for ten minutes in its own session, and signing in does not count', async () => {
    const body = { password: 'not the password' };
    expect(await admin.fails('POST /api/session/reauthentication', { body })).toMatchObject({
      code: 'password_wrong',
      fields: [{ field: 'password' }],
    });
    const url = { body: { mailUrl: `${thiefUrl}/v1.0/me/messages` } };
    const needsPassword = async (browser: Browser) =>
      (await browser.call('POST /api/admin/settings/origin-move', url)).needsPassword;
    expect(await needsPassword(admin)).toBe(true);
    await admin.proveSelf();
    expect(await needsPassword(admin)).toBe(false);
    const elsewhere = argus.browser();
    await elsewhere.signIn('admin@argus.example');
    expect(await needsPassword(elsewhere)).toBe(true);
    argus.advance(11 * 60_000);
    expect(await needsPassword(admin)).toBe(true);
    argus.advance(-11 * 60_000);
  });

  it('S-2: cannot be guessed without limit', async () => {
    const guesses = [];
    for (let i = 0; i < 7; i += 1) {
      guesses.push(
        (await admin.fails('POST /api/session/reauthentication', { body: { password: `guess ${i}` } })).status,
      );
    }
    expect(guesses).toContain(429);
    await argus.services.db.signInThrottle.deleteMany();
  });
});

describe('S-13: a sealed value', () => {
  it('S-13: tokens moved to another account, provider or origin in the database open nothing', async () => {
    const { db } = argus.services;
    const jiro = await argus.signedIn('jiro@argus.example');
    const { id: thiefId } = await db.account.findFirstOrThrow({ where: { username: 'jiro@argus.example' } });
    await db.accountLink.deleteMany({ where: { accountId: thiefId } });
    await db.accountLink.create({
      data: { accountId: thiefId, microsoftAccount: jiroUpn, microsoftAccountKey: jiroUpn.toLowerCase() },
    });
    const grant = await db.grant.findFirstOrThrow();
    await db.grant.update({
      where: { id: grant.id },
      data: { accountId: thiefId, verifiedLinkKey: jiroUpn.toLowerCase() },
    });
    argus.fake.control.clearRequests();
    expect(await jiro.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'sealed_value_unreadable' });
    // To the attacker's host, by the columns only: settings, provider and grant agree with each other.
    await db.grant.update({
      where: { id: grant.id },
      data: { accountId: grant.accountId, verifiedLinkKey: grant.verifiedLinkKey, mailOrigin: thiefUrl },
    });
    await db.settings.updateMany({ data: { mailUrl: `${thiefUrl}/v1.0/me/messages`, version: { increment: 1 } } });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'sealed_value_unreadable' });
    expect(stolen).toEqual([]);
    expect(await db.auditEvent.count({ where: { action: 'sealed_value_refused' } })).toBeGreaterThanOrEqual(2);
    await db.settings.updateMany({ data: { mailUrl: settingsOf(argus.fake).mailUrl, version: { increment: 1 } } });
    await db.grant.deleteMany();
  });

  it('S-13: the consumer secret does not open for a token endpoint that was changed in the database', async () => {
    const { db } = argus.services;
    await db.authProvider.updateMany({ data: { tokenEndpointUrl: tokenEndpointUrl(), version: { increment: 1 } } });
    await useEverything();
    expect(stolen).toEqual([]);
    await db.authProvider.updateMany({
      data: { tokenEndpointUrl: providerOf(argus.fake).tokenEndpointUrl, version: { increment: 1 } },
    });
  });

  it('S-13: the mail of one account, moved to another, is shown to nobody', async () => {
    const { db } = argus.services;
    await user.call('GET /api/new-arrivals', refresh);
    const row = await db.mailCache.findFirstOrThrow();
    const sealedElsewhere = argus.services.vault.seal('{"items":[]}', `MailCache/${row.accountId}/sealed`);
    await db.mailCache.updateMany({ data: { sealed: sealedElsewhere } });
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_upstream_error' });
  });

  it('S-13: a value that was sealed without a binding is bound at the next start, and works as before', async () => {
    const { db, vault } = argus.services;
    const grant = await db.grant.findFirstOrThrow();
    const stored = await db.authProvider.findFirstOrThrow();
    // As earlier versions stored it.
    const { accessToken, refreshToken } = await tokensOf(grant);
    await db.grant.update({
      where: { id: grant.id },
      data: {
        tokenOrigin: null,
        mailOrigin: null,
        sealedTokens: vault.seal(JSON.stringify({ accessToken, refreshToken }), `Grant/${grant.id}/tokens`),
      },
    });
    const secret = providerOf(argus.fake).consumerSecret;
    await db.authProvider.update({
      where: { id: stored.id },
      data: {
        secretOrigin: null,
        sealedConsumerSecret: vault.seal(secret, `AuthProvider/${stored.id}/consumerSecret`),
        version: { increment: 1 },
      },
    });
    await rebindSeals(db, vault);
    await rebindSeals(db, vault);
    await db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
    expect(await db.grant.findFirstOrThrow()).toMatchObject({
      tokenOrigin: argus.fake.loginUrl,
      mailOrigin: argus.fake.graphUrl,
    });
  });

  async function tokensOf(grant: Parameters<typeof grantTokensPlace>[0] & { sealedTokens: string | null }) {
    return JSON.parse(argus.services.vault.open(grant.sealedTokens ?? '', grantTokensPlace(grant)));
  }
});

describe('S-13: where users are sent', () => {
  it.each(['http://login.example/t/oauth2/v2.0/authorize', 'http://10.0.0.5/authorize'])(
    'S-13: %s is no authorize endpoint',
    async (authorizeEndpointUrl) => {
      const refused = await admin.fails(
        'PUT /api/admin/auth-providers/:id',
        await saveProvider({ authorizeEndpointUrl }),
      );
      expect(refused.fields).toMatchObject([{ field: 'authorizeEndpointUrl', code: 'url_https_needed' }]);
      // Stored by an earlier version, it causes a warning, and nobody is sent there.
      await argus.services.db.authProvider.updateMany({ data: { authorizeEndpointUrl } });
      expect((await provider()).warnings.map(({ code }) => code)).toContain('authorize_url_plain_http');
      const start = await user.send('GET', `/services/auth/oauth/${suffix}`);
      expect(start.headers.get('location')).toMatch(/^\/authorization\/outcome\//);
    },
  );

  it('S-4: saving a shared tenant, differing tenants or another site shows what that means', async () => {
    await admin.proveSelf();
    const saved = async (authorize: string, token: string) => {
      const { loginUrl } = argus.fake;
      const body = {
        authorizeEndpointUrl: `${authorize}/oauth2/v2.0/authorize`,
        tokenEndpointUrl: `${loginUrl}/${token}/oauth2/v2.0/token`,
      };
      const view = await admin.call('PUT /api/admin/auth-providers/:id', await saveProvider(body));
      return view.warnings.map(({ field, code }) => `${field} ${code}`);
    };
    const { loginUrl } = argus.fake;
    for (const tenant of ['common', 'organizations', 'consumers']) {
      expect(await saved(`${loginUrl}/${tenant}`, tenant)).toEqual(
        expect.arrayContaining([`authorizeEndpointUrl tenant_${tenant}`, `tokenEndpointUrl tenant_${tenant}`]),
      );
    }
    expect(await saved(`${loginUrl}/common`, 'organizations')).toContain('authorizeEndpointUrl tenants_differ');
    expect(await saved('https://login.evil.example/common', 'common')).toContain(
      'authorizeEndpointUrl authorize_origin_differs',
    );
  });
});
