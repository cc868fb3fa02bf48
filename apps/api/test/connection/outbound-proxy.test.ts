import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startArgusProcess } from '../support/argus-process.ts';
import type { Browser, TestArgus } from '../support/build-app.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';
import { nowhere, plainSite } from '../support/empty-setup.ts';
import { warningsOf } from '../support/fields-of.ts';
import { buildLinkedTaro, taroUpn, username } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { factOf, runDoctor, stepOf, stepsThat } from '../support/run-doctor.ts';
import { type StagedProxy, stageProxy } from '../support/stage-proxy.ts';

describe('ops T30: Argus behind an outbound proxy', () => {
  let proxy: StagedProxy;
  let argus: TestArgus;
  let admin: Browser;
  let user: Browser;
  let login: string;
  let graph: string;

  beforeAll(async () => {
    proxy = await stageProxy();
    const egress = { privateNetwork: 'loopback', proxy: proxy.config } as const;
    ({ argus, admin, user } = await buildLinkedTaro({ config: { egress } }));
    login = new URL(argus.fake.loginUrl).host;
    graph = new URL(argus.fake.graphUrl).host;
  });
  beforeEach(() => proxy.answers('tunnel'));
  afterAll(async () => {
    await argus?.close();
    await proxy?.close();
  });

  it('ops T30: authorizes and reads mail, with every call through the proxy and its credentials', async () => {
    await user.authorize(taroUpn);
    expect(proxy.asked).toContain(login);
    expect(proxy.asked).toContain(graph);
    const { items } = await user.call('GET /api/new-arrivals', { query: { refresh: true } });
    expect(items.length).toBeGreaterThan(0);
  });

  it('ops T30: a site that was switched off never reaches the proxy', async () => {
    const { items } = await admin.call('GET /api/admin/remote-sites');
    const site = items.find(({ name }) => name === 'graph');
    if (!site) throw new Error('no site graph');
    const params = { id: site.id };
    const { name, url, disableProtocolSecurity, description } = site;
    const body = { name, url, disableProtocolSecurity, description };
    const before = proxy.asked.length;
    const off = await admin.call('PUT /api/admin/remote-sites/:id', {
      params,
      body: { ...body, active: false, version: site.version },
    });
    await argus.services.db.mailCache.deleteMany();
    expect(await user.fails('GET /api/new-arrivals', { query: { refresh: true } })).toMatchObject({
      code: 'mail_site_not_registered',
    });
    expect(proxy.asked.slice(before)).not.toContain(graph);
    await admin.call('PUT /api/admin/remote-sites/:id', {
      params,
      body: { ...body, active: true, version: off.version },
    });
  });

  it('ops T30: the doctor tells that the proxy resolves the names, and which one, without its credentials', async () => {
    const run = await runDoctor(admin, username);
    expect(stepsThat(run, 'failed')).toEqual([]);
    for (const id of ['token_dns', 'mail_dns'] as const) {
      expect(stepOf(run, id)).toMatchObject({ state: 'cannot_check', reason: 'outbound_proxy' });
      expect(factOf(run, id, 'proxy')).toBe(`http://127.0.0.1:${proxy.port}`);
    }
    expect(stepsThat(run, 'ok')).toEqual(expect.arrayContaining(['token_endpoint', 'client_secret', 'messages']));
    expect(JSON.stringify(run)).not.toContain('secret@');
  });

  it('ops T30: where the proxy refuses, the doctor says so at the step of the name, and goes no further', async () => {
    proxy.answers(403);
    const run = await runDoctor(admin, username);
    expect(stepOf(run, 'token_dns').problem).toMatchObject({ code: 'mail_proxy_refused' });
    expect(stepOf(run, 'mail_dns').problem?.admin).toMatchObject({ upstream: { networkCode: 'PROXY_403' } });
    expect(stepsThat(run, 'not_reached')).toEqual(expect.arrayContaining(['token_tls', 'token_endpoint', 'messages']));
  });

  it('ops T30: an authorization that the proxy stops names the proxy, not Microsoft', async () => {
    const path = await user.consent(taroUpn);
    proxy.answers(407);
    // Opened tunnels go on; the next ones are those of another timeout.
    const {
      version,
      coverage: _c,
      warnings: _w,
      updatedAt: _u,
      ...settings
    } = await admin.call('GET /api/admin/settings');
    await admin.call('PUT /api/admin/settings', { body: { ...settings, connectTimeoutSeconds: 1, version } });
    const { problem } = await outcomeOf(user, await user.send('GET', path));
    expect(problem?.code).toBe('authorization_proxy_credentials_rejected');
    expect(problem?.lines.at(-1)).toContain('プロキシの応答 407');
    expect(problem?.retry.kind).toBe('no');
  });

  it('ops T30: a name that only the proxy can resolve is saved without a warning', async () => {
    const site = { ...plainSite, name: 'Nowhere', url: nowhere };
    const saved = await admin.call('POST /api/admin/remote-sites', { body: site });
    expect(warningsOf(saved)).toEqual([]);
    proxy.answers('directly');
    const body = { ...site, version: saved.version };
    const direct = await admin.call('PUT /api/admin/remote-sites/:id', { params: { id: saved.id }, body });
    expect(warningsOf(direct)).toEqual([['url', 'host_not_resolved']]);
  });
});

describe('ops T30: the process', () => {
  let database: TestDatabase | undefined;
  let dataDir: string;
  beforeAll(async () => {
    if (process.env.TEST_DATABASE_URL) database = await buildDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'argus-proxy-'));
  });
  afterAll(async () => {
    await database?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('ops T30: calls through ARGUS_OUTBOUND_PROXY, and warns once where only others are told of a proxy', async () => {
    const proxy = await stageProxy();
    proxy.answers(403);
    const url = `http://argus:secret@127.0.0.1:${proxy.port}`;
    const start = (more: Readonly<Record<string, string>>) =>
      startArgusProcess(dataDir, database?.config.kind === 'postgres' ? database.config.url : undefined, {
        ARGUS_DEMO_LOGIN_URL: 'http://login.invalid:9',
        ARGUS_DEMO_GRAPH_URL: 'http://graph.invalid:9',
        HTTPS_PROXY: url,
        ...more,
      });
    const told = await start({ ARGUS_OUTBOUND_PROXY: url, ARGUS_NO_PROXY: 'graph.invalid' });
    const run = await runDoctor(told.admin, null);
    expect(proxy.asked).toEqual(['login.invalid:9']);
    expect(stepOf(run, 'token_dns').problem).toMatchObject({ code: 'authorization_proxy_refused' });
    // Resolved here: nobody has this name.
    expect(stepOf(run, 'mail_dns').problem).toMatchObject({ code: 'mail_endpoint_unreachable' });
    await told.end('SIGTERM');
    const untold = await start({});
    await untold.end('SIGTERM');
    await proxy.close();
    expect(told.log()).not.toContain('HTTPS_PROXY');
    expect(untold.log().match(/HTTPS_PROXY is set, but Argus does not use it/g)).toHaveLength(1);
    expect(told.log() + untold.log()).not.toContain('secret@');
    // Two starts, on PGlite of a busy machine.
  }, 120_000);
});
