import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { csvPartBytes } from '@argus/contract/csv-limits';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { present } from '@argus/fields/present';
import getPort, { portNumbers } from 'get-port';
import type { Measured } from './probe.ts';
import { startProcess } from './start-process.ts';

const mainFile = resolve(import.meta.dirname, '../../../apps/api/src/main.ts');
const probeFile = resolve(import.meta.dirname, 'probe.ts');
const admin = { username: 'admin@argus.example', password: 'demo-admin-2026' };

/** Argus in its own process, used by its administrator. */
export interface ArgusUnderTest extends ArgusProcess {
  get(path: string): Promise<Response>;
  /** Uploads a file, and waits for its preview. */
  preview(content: Uint8Array, createAccounts?: boolean): Promise<CsvImportView>;
  apply(previewed: CsvImportView): Promise<CsvImportView>;
  undo(applied: CsvImportView): Promise<CsvImportView>;
}

/** A free TCP port below the system's ephemeral range, so that it stays free until it is used. */
export function freePort(): Promise<number> {
  return getPort({ port: portNumbers(randomInt(11_000, 30_000), 32_767) });
}

/** Argus in its own process. */
export interface ArgusProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyMs: number;
  /** The resource use of the process, with peaks since the last call. */
  measure(): Promise<Measured>;
  stop(): Promise<void>;
}

/** Starts Argus as the demo, with these variables besides, and waits until it is ready. */
export async function launchArgus(env: Readonly<Record<string, string>>): Promise<ArgusProcess> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const since = performance.now();
  const { child, stop } = startProcess(
    mainFile,
    { ARGUS_MODE: 'demo', ARGUS_PORT: String(port), ARGUS_LOG_LEVEL: 'warn', ...env },
    { execArgv: ['--import', probeFile] },
  );
  await untilReady(url, child);
  return {
    url,
    pid: child.pid ?? 0,
    readyMs: performance.now() - since,
    stop,
    async measure() {
      const reply = once(child, 'message');
      child.send('measure');
      const [measured] = (await reply) as [Measured];
      return measured;
    },
  };
}

/** Reads as the administrator of the demo. */
export async function readAsAdmin({ url }: Pick<ArgusProcess, 'url'>): Promise<(path: string) => Promise<Response>> {
  const call = await signIn(url);
  return (path) => call.raw('GET', path);
}

/** Starts Argus with the demo company on a database or, without one, on PGlite in `dataDir`, and signs in. */
export async function startArgus(dataDir: string, databaseUrl?: string): Promise<ArgusUnderTest> {
  const argus = await launchArgus({ ARGUS_DATA_DIR: dataDir, ...present({ DATABASE_URL: databaseUrl }) });
  const { url } = argus;
  const call = await signIn(url);
  const settled = async (id: number): Promise<CsvImportView> => {
    for (;;) {
      const found = (await call('GET', `/api/admin/csv-imports/${id}`)) as CsvImportView;
      if (!['reading', 'applying', 'undoing'].includes(found.state)) return found;
      await sleep(20);
    }
  };
  return {
    ...argus,
    get: (path) => call.raw('GET', path),
    async preview(content, createAccounts = false) {
      const announced = { table: 'account_links', fileName: 'bench.csv', fileBytes: content.length };
      const { id } = (await call('POST', '/api/admin/csv-imports', announced)) as CsvImportView;
      for (let index = 0; index * csvPartBytes < content.length; index += 1) {
        const part = content.subarray(index * csvPartBytes, (index + 1) * csvPartBytes);
        await call('PUT', `/api/admin/csv-imports/${id}/parts/${index}`, part);
      }
      await call('POST', `/api/admin/csv-imports/${id}/read`, {
        mode: 'merge',
        createAccounts,
        dropDisplayOnly: false,
      });
      return settled(id);
    },
    async apply({ id, planVersion, counts }) {
      const removals = counts?.removed ? counts.removed : null;
      await call('POST', `/api/admin/csv-imports/${id}/apply`, { planVersion, removals });
      return settled(id);
    },
    async undo({ id }) {
      await call('POST', `/api/admin/csv-imports/${id}/undo`);
      return settled(id);
    },
  };
}

export async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`Argus ended with ${child.exitCode}.`);
    const ready = await fetch(`${url}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (ready) return;
    await sleep(10);
  }
  throw new Error('Argus is not ready within a minute.');
}

async function signIn(url: string) {
  let cookie = '';
  let csrfToken = '';
  const raw = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const binary = body instanceof Uint8Array;
    const reply = await fetch(url + path, {
      method,
      headers: {
        origin: url,
        cookie,
        'x-csrf-token': csrfToken,
        ...(body === undefined ? {} : { 'content-type': binary ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: binary ? Uint8Array.from(body) : JSON.stringify(body) }),
    });
    for (const line of reply.headers.getSetCookie()) cookie = line.split(';', 1)[0] ?? cookie;
    return reply;
  };
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await raw(method, path, body);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text.slice(0, 300)}`);
    const read = text === '' ? null : (JSON.parse(text) as { csrfToken?: string });
    if (read?.csrfToken) csrfToken = read.csrfToken;
    return read;
  };
  await call('GET', '/api/session');
  await call('POST', '/api/session', admin);
  return Object.assign(call, { raw });
}
