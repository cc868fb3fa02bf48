import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '../support/build-app.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts';
import { type MainProcess, runMain } from '../support/run-main.ts';

vi.setConfig({ testTimeout: 60_000 });

const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
const production = {
  ARGUS_MODE: 'production',
  ARGUS_PUBLIC_URL: 'https://argus.example.com',
  ARGUS_HOST: '127.0.0.1',
};

let running: MainProcess[] = [];
const run = async (env: Readonly<Record<string, string>>, output?: number) => {
  const argus = await runMain(env, output);
  running.push(argus);
  return argus;
};
afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL');
  running = [];
});

describe('starting', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-start-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const slips: Record<string, Record<string, string>> = {
    'a key file that is not there': {
      ...production,
      DATABASE_URL: 'postgres://a@127.0.0.1:1/a',
      ARGUS_VAULT_KEYS_FILE: '/nowhere/keys',
    },
    'a database that does not answer': {
      ...production,
      ARGUS_VAULT_KEYS: keys,
      DATABASE_URL: 'postgres://a@127.0.0.1:1/a',
    },
    'a certificate file that is not there': {
      ...production,
      ARGUS_VAULT_KEYS: keys,
      DATABASE_URL: 'postgres://a@127.0.0.1:1/a?sslmode=verify-full&sslrootcert=/nowhere.pem',
    },
  };
  it.each(Object.entries(slips))('ops T20, T38: %s is one sentence in both languages, and no stack', async (_, env) => {
    const argus = await run({ ...env, ARGUS_DATA_DIR: folder });
    expect(await argus.ended()).toBe(1);
    const lines = argus.output().trim().split('\n');
    expect(lines.at(-1)).toMatch(/[぀-ヿ].* \/ [A-Z“].*/);
    expect(argus.output()).not.toMatch(/^\s+at /m);
  });

  it('ops §4: secrets are read from the files that an orchestrator mounts', async () => {
    const file = join(folder, 'keys');
    await writeFile(file, `${keys}\n`);
    const argus = await run({
      ...production,
      ARGUS_VAULT_KEYS_FILE: file,
      ARGUS_EMBEDDED_DATABASE: 'yes',
      ARGUS_DATA_DIR: folder,
    });
    await argus.ready();
    expect(argus.output()).not.toContain('#token=');
    expect(argus.output()).toContain('pnpm first-admin');
    const [, started] = /^(\{.*"msg":"started"\})$/m.exec(argus.output()) ?? [];
    expect(JSON.parse(started ?? '{}')).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      level: 'info',
    });
  });
});

describe.runIf(process.env.TEST_DATABASE_URL)('running and stopping', () => {
  let database: TestDatabase;
  let proxy: FlakyProxy;
  let env: Record<string, string>;
  beforeEach(async () => {
    database = await buildDatabase();
    if (database.config.kind !== 'postgres') throw new Error('on PostgreSQL only');
    const url = new URL(database.config.url);
    proxy = await startFlakyProxy(url.hostname, Number(url.port || 5432));
    Object.assign(url, { hostname: '127.0.0.1', port: String(proxy.port) });
    env = { ...production, ARGUS_VAULT_KEYS: keys, DATABASE_URL: url.href };
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    proxy.thaw();
    await proxy.down();
    await database.close();
  });

  it('ops T29: signals of log rotation end nothing, and none opens the debugger', async () => {
    const argus = await run(env);
    await argus.ready();
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) argus.child.kill(signal);
    await sleep(300);
    expect(argus.output()).not.toContain('Debugger listening');
    expect((await fetch(`${argus.url}/healthz`)).status).toBe(200);
    argus.child.kill('SIGQUIT');
    expect(await argus.ended()).toBe(0);
    expect(argus.output()).toContain('"msg":"stopping"');
  });

  it('ops T28: the end of whoever reads its output neither stops it nor makes it deaf', async () => {
    const argus = await run(env);
    argus.child.stdout?.destroy();
    argus.child.stderr?.destroy();
    await argus.ready();
    expect((await fetch(`${argus.url}/api/session`)).status).toBe(200);
    argus.child.kill('SIGTERM');
    expect(await argus.ended()).toBe(0);
  });

  it.runIf(existsSync('/dev/full'))(
    'ops T28: a full disk under its log neither ends it nor makes it hang',
    async () => {
      const full = openSync('/dev/full', 'w');
      const argus = await run(env, full);
      closeSync(full);
      await argus.ready();
      for (let i = 0; i < 300; i += 1) expect((await fetch(`${argus.url}/api/session`)).status).toBe(200);
      argus.child.kill('SIGTERM');
      expect(await argus.ended()).toBe(0);
    },
  );

  it('ops T29: while it drains, Argus is not ready and still answers', async () => {
    const argus = await run({ ...env, ARGUS_DRAIN_SECONDS: '2' });
    await argus.ready();
    argus.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${argus.url}/readyz`)).status).toBe(503));
    expect(await (await fetch(`${argus.url}/readyz`)).json()).toEqual({ status: 'stopping' });
    expect((await fetch(`${argus.url}/api/session`)).status).toBe(200);
    expect(await argus.ended()).toBe(0);
  });

  it('ops T29: a second SIGTERM ends the drain', async () => {
    const argus = await run({ ...env, ARGUS_DRAIN_SECONDS: '60' });
    await argus.ready();
    argus.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${argus.url}/readyz`)).status).toBe(503));
    await sleep(1_000);
    const since = Date.now();
    argus.child.kill('SIGTERM');
    expect(await argus.ended()).toBe(0);
    expect(Date.now() - since).toBeLessThan(10_000);
  });

  it('ops T29: asked to stop while it starts, Argus ends in order', async () => {
    const holder = new pg.Client(env.DATABASE_URL);
    await holder.connect();
    try {
      await holder.query('BEGIN; SELECT pg_advisory_xact_lock(4177115)');
      const argus = await run(env);
      await vi.waitFor(() => expect(argus.output()).toContain('Waiting for another Argus'), { timeout: 30_000 });
      argus.child.kill('SIGTERM');
      expect(await argus.ended()).toBe(0);
      expect(argus.output()).toContain('asked to stop while it started, and has ended (SIGTERM).');
    } finally {
      await holder.end();
    }
  });

  it('ops T17: with a frozen database Argus stops within ten seconds', async () => {
    const argus = await run(env);
    await argus.ready();
    proxy.freeze();
    const pending = fetch(`${argus.url}/api/session`, { headers: { cookie: '__Host-argus-session=x.y' } }).catch(
      () => {},
    );
    const since = Date.now();
    argus.child.kill('SIGTERM');
    await argus.ended();
    expect(Date.now() - since).toBeLessThan(10_000);
    await pending;
  });

  it('ops T18: an outage is problem JSON for everybody, and its reason is logged once and counted', async () => {
    const token = 'a-token-of-the-test';
    const argus = await run({ ...env, ARGUS_METRICS_TOKEN: token });
    await argus.ready();
    const browser = openBrowser(argus.url);
    const { csrfToken } = await browser.call('GET /api/session');
    await proxy.down();
    for (let i = 0; i < 3; i += 1) {
      const reply = await browser.send('POST', '/api/session', {
        body: { username: 'a@argus.example', password: 'x' },
        headers: { origin: production.ARGUS_PUBLIC_URL, 'x-csrf-token': csrfToken },
      });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        503,
        'application/problem+json; charset=utf-8',
      ]);
      expect(JSON.parse(reply.text)).toMatchObject({ code: 'database_unavailable' });
    }
    const told = argus.output().match(/^.*"reason":"unreachable".*"the database is unavailable".*$/gm) ?? [];
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({
      reason: 'unreachable',
      said: expect.stringMatching(/NotReachable|ECONNREFUSED|terminated/),
    });
    const metrics = await fetch(`${argus.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    // A connection that breaks under a statement has a reason of its own.
    const counts = (await metrics.text()).matchAll(/^argus_database_unavailable_total\{.*\} (\d+)$/gm);
    expect([...counts].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(3);
    expect((await (await fetch(`${argus.url}/readyz`)).json()) as object).toEqual({
      status: 'database_unavailable',
      reason: 'unreachable',
    });
  });
});
