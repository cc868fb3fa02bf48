import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers, freePort, type Launched, launch, listenOn, runScript } from './launch.ts';

let dataDir: string;
let ports: { argus: number; login: number; graph: number };
let launched: Launched[];

/** A data folder after a first start, for tests of what comes later: it takes half the time. */
let prepared: string | undefined;
afterAll(async () => {
  if (prepared) await rm(prepared, { recursive: true, force: true });
});

async function keepForOthers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-prepared-'));
  await cp(dataDir, folder, { recursive: true });
  prepared = folder;
}

/** Fills the data folder as a first start does, if one has been made. */
async function asAfterFirstStart(): Promise<void> {
  if (prepared) await cp(prepared, dataDir, { recursive: true });
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'argus-start-'));
  const [argus, login, graph] = await Promise.all([freePort(), freePort(), freePort()]);
  ports = { argus, login, graph };
  launched = [];
});

afterEach(async () => {
  for (const { child, ended } of launched) {
    child.kill('SIGTERM');
    await ended;
  }
  await vi.waitFor(async () => expect(await anyAnswers()).toBe(false), { timeout: 15_000, interval: 200 });
  await rm(dataDir, { recursive: true, force: true });
});

async function anyAnswers(): Promise<boolean> {
  const all = await Promise.all(Object.values(ports).map(answers));
  return all.includes(true);
}

function start(env: Record<string, string> = {}, script: readonly string[] = [runScript, 'start']): Launched {
  const run = launch(script, {
    ARGUS_DATA_DIR: dataDir,
    ARGUS_PORT: String(ports.argus),
    ARGUS_DEMO_LOGIN_PORT: String(ports.login),
    ARGUS_DEMO_GRAPH_PORT: String(ports.graph),
    ...env,
  });
  launched.push(run);
  return run;
}

/** The stderr output of a start, without its progress line after a change of the screens. */
function complaint(run: Launched): string {
  return run.stderr().replace(/^画面を準備しています.*\n/, '');
}

/** The exit code of a start that ends by itself soon. */
function endOf(run: Launched): Promise<number | null> {
  const late = sleep(60_000, undefined, { ref: false }).then(() => {
    throw new Error('It goes on.');
  });
  return Promise.race([run.ended, late]);
}

/** Waits until Argus has reported that it is up. */
async function isUp(run: Launched): Promise<void> {
  const early = run.ended.then((code) => {
    throw new Error(`ended with ${code}:\n${run.stderr()}`);
  });
  await Promise.race([
    early,
    vi.waitFor(() => expect(run.stdout()).toMatch(/^Argus: .*\n/m), { timeout: 90_000, interval: 50 }),
  ]);
}

/** Waits until nothing listens on any of the ports. */
async function allGone(): Promise<void> {
  await vi.waitFor(async () => expect(await anyAnswers()).toBe(false), { timeout: 20_000, interval: 200 });
}

test('start prints the URL first, answers, and ends with all its parts on SIGTERM; its log says why', async () => {
  const run = start({ ARGUS_LOG_LEVEL: 'info' });
  await isUp(run);
  // The log, which this test requests, goes to the same stream.
  const [first] = run
    .stdout()
    .split('\n')
    .filter((line) => !line.startsWith('{'));
  expect(first).toContain(`http://localhost:${ports.argus}`);
  const reply = await fetch(`http://127.0.0.1:${ports.argus}/healthz`);
  expect(reply.status).toBe(200);
  expect(await answers(ports.login)).toBe(true);
  expect(await answers(ports.graph)).toBe(true);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  expect(await anyAnswers()).toBe(false);
  expect(run.stdout()).toMatch(/^\{"level":"info",.*"reason":"\w+",.*"msg":"stopping"\}$/m);
  await keepForOthers();
});

test('D07: a second start on the same data folder ends with code 1 and one sentence that names the first', async () => {
  await asAfterFirstStart();
  const first = start();
  await isUp(first);
  const [argus, login, graph] = await Promise.all([freePort(), freePort(), freePort()]);
  const second = start({
    ARGUS_PORT: String(argus),
    ARGUS_DEMO_LOGIN_PORT: String(login),
    ARGUS_DEMO_GRAPH_PORT: String(graph),
  });
  expect(await endOf(second)).toBe(1);
  expect(second.stdout()).toBe('');
  expect(complaint(second)).toMatch(/^[^\n]+\n$/);
  expect(complaint(second)).toContain(`process ${first.child.pid} on `);
  expect(complaint(second)).toContain(`http://localhost:${ports.argus}`);
});

test.each(['login', 'graph'] as const)('a taken %s port ends the start with code 1 and one sentence', async (name) => {
  const holder = await listenOn(ports[name]);
  try {
    const run = start();
    expect(await endOf(run)).toBe(1);
    expect(run.stdout()).toBe('');
    expect(complaint(run)).toMatch(/^[^\n]+\n$/);
    expect(complaint(run)).toContain(`Port ${ports[name]} `);
    expect(complaint(run)).toContain(`ARGUS_DEMO_${name.toUpperCase()}_PORT`);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});

test('a taken port of Argus itself ends the start with code 1 and one sentence, and the fake with it', async () => {
  const holder = await listenOn(ports.argus);
  try {
    const run = start();
    expect(await endOf(run)).toBe(1);
    expect(complaint(run)).toMatch(/^[^\n]+\n$/);
    expect(complaint(run)).toContain(`${ports.argus}`);
    expect(await answers(ports.login)).toBe(false);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});

test('a data folder that cannot be written to ends the start with code 1 and one sentence', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  const run = start({ ARGUS_DATA_DIR: join(file, 'data') });
  expect(await endOf(run)).toBe(1);
  expect(complaint(run)).toMatch(/^[^\n]+\n$/);
  expect(complaint(run)).toContain(file);
});

test('Argus ends when its launcher is killed', async () => {
  await asAfterFirstStart();
  const run = start();
  await isUp(run);
  run.child.kill('SIGKILL');
  await allGone();
});

test.runIf(process.platform === 'linux')('Argus ends when the npx that started it is gone', async () => {
  await asAfterFirstStart();
  const npx = join(dataDir, 'npx-cli.js');
  await writeFile(
    npx,
    `require('node:child_process').spawn(process.execPath, ${JSON.stringify([runScript, 'start'])}, { stdio: 'inherit' });`,
  );
  const run = start({}, [npx]);
  await isUp(run);
  run.child.kill('SIGKILL');
  await allGone();
});

test('in production the fake is not started', async () => {
  const run = start({
    ARGUS_MODE: 'production',
    ARGUS_EMBEDDED_DATABASE: 'yes',
    ARGUS_HOST: '127.0.0.1',
    ARGUS_PUBLIC_URL: 'https://argus.example',
    ARGUS_VAULT_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  });
  await isUp(run);
  expect(run.stdout()).toContain('Argus: https://argus.example\n');
  expect(await answers(ports.argus)).toBe(true);
  expect(await answers(ports.login)).toBe(false);
  expect(await answers(ports.graph)).toBe(false);
});

test('an old Node is reported in one sentence, before anything else is loaded', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})`;
  const run = launch(['--import', pretend, runScript, 'start'], {});
  launched.push(run);
  expect(await endOf(run)).toBe(1);
  expect(run.stdout()).toBe('');
  expect(complaint(run)).toMatch(/^Argus は Node\.js 24 [^\n]+\n$/);
});
