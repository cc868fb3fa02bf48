import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ArgusProcess, startArgusProcess } from '../support/argus-process.ts';
import type { Browser } from '../support/build-app.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';
import { linkFile } from '../support/csv-company.ts';
import { apply, readFile, sendFile, settled, undo, upload } from '../support/csv-upload.ts';
import { hangOnLink, hangOnWrite, untilHanging } from '../support/hang-on-write.ts';

/** On PostgreSQL a database that several processes may open; PGlite belongs to one, so there it is a folder. */
let database: TestDatabase | undefined;
let dataDir: string;
let argus: ArgusProcess;

beforeAll(async () => {
  if (process.env.TEST_DATABASE_URL) database = await buildDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'argus-killed-'));
  argus = await start();
});
afterEach(() => release());
afterAll(async () => {
  await argus?.end('SIGKILL');
  await database?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const start = () => startArgusProcess(dataDir, database?.config.kind === 'postgres' ? database.config.url : undefined);

/** On PGlite many rows, so that the process ends during the work; on PostgreSQL the work is made to hang. */
const rows = process.env.TEST_DATABASE_URL ? 400 : 12_000;
const half = rows / 2;
const company = (name: string) =>
  linkFile(...Array.from({ length: rows }, (_, i) => [`${name}${i}`, `${name}${i}@contoso.example`] as const));
const created = { createAccounts: true } as const;

/** How many links of a company there are. */
async function linked(admin: Browser, name: string): Promise<number> {
  const { text } = await admin.send('GET', '/api/admin/account-links/csv?form=import&encoding=utf-8');
  return text.split('\r\n').filter((line) => line.startsWith(name)).length;
}

/** How many portal accounts a company has: each link created its own. */
async function employed(admin: Browser, name: string): Promise<number> {
  const { text } = await admin.send('GET', '/api/admin/users/csv?encoding=utf-8');
  return text.split('\r\n').filter((line) => line.startsWith(name)).length;
}

/** On PostgreSQL the work hangs half-way when it is ended; on PGlite nothing outside can see its progress. */
async function hangOn(company: string): Promise<void> {
  if (database) release = await hangOnLink(database, `${company}${half}@contoso.example`);
}
let release = async () => {};

/** Until the work is half done; on PGlite for a moment. */
async function untilHalfDone(moment: number): Promise<void> {
  if (database) await untilHanging(database);
  else await sleep(moment);
}

const begin = (admin: Browser, { id, planVersion }: CsvImportView) =>
  admin.call('POST /api/admin/csv-imports/:id/apply', {
    params: { id: String(id) },
    body: { planVersion, removals: null },
  });

const interrupted = { state: 'failed', problem: { code: 'csv_import_interrupted' }, readable: true };

describe('CSV取込: the process ends midway', () => {
  test('CSV16: killed while one file is read and another applied: all or nothing, both fail and can be read again', async () => {
    const applied = await upload(argus.admin, company('applied'), created);
    const read = await sendFile(argus.admin, company('read'));
    await hangOn('applied');
    const reading = { mode: 'merge', createAccounts: true, dropDisplayOnly: false } as const;
    await argus.admin.call('POST /api/admin/csv-imports/:id/read', { params: { id: String(read.id) }, body: reading });
    await begin(argus.admin, applied);
    await untilHalfDone(100);
    await argus.end('SIGKILL');
    await release();
    argus = await start();
    const since = Date.now();
    const ends = { applied: await settled(argus.admin, applied.id), read: await settled(argus.admin, read.id) };
    expect(Date.now() - since).toBeLessThan(20_000);
    const written = await linked(argus.admin, 'applied');
    if (database) expect(ends.applied).toMatchObject(interrupted);
    expect(await employed(argus.admin, 'applied')).toBe(written);
    expect([ends.applied.state, written]).toEqual(written === 0 ? ['failed', 0] : ['applied', rows]);
    if (ends.read.state !== 'ready') expect(ends.read).toMatchObject({ ...interrupted, counts: null });
    for (const [name, end] of Object.entries(ends)) {
      if (end.state === 'applied') continue;
      const again = await readFile(argus.admin, end.id, created);
      expect(again, name).toMatchObject({ state: 'ready', problem: null, counts: { added: rows, error: 0 } });
      expect(await apply(argus.admin, again), name).toMatchObject({ state: 'applied' });
      expect(await linked(argus.admin, name)).toBe(rows);
    }
  }, 90_000);

  test('CSV16: killed while an import is undone: the import stays applied, and can be undone', async () => {
    const found = await upload(argus.admin, company('undone'), created);
    await apply(argus.admin, found);
    const when = `old."microsoftAccount" = 'undone${half}@contoso.example'`;
    if (database) release = await hangOnWrite(database, 'AccountLink', { when, on: 'DELETE' });
    await argus.admin.call('POST /api/admin/csv-imports/:id/undo', { params: { id: String(found.id) } });
    await untilHalfDone(20);
    await argus.end('SIGKILL');
    await release();
    argus = await start();
    const end = await settled(argus.admin, found.id);
    const left = await linked(argus.admin, 'undone');
    if (database) expect(end.state).toBe('applied');
    expect([end.state, left]).toEqual(left === 0 ? ['undone', 0] : ['applied', rows]);
    if (end.state === 'undone') return;
    expect(end.problem).toMatchObject({ code: 'csv_import_interrupted' });
    expect(await undo(argus.admin, end)).toMatchObject({ state: 'undone' });
    expect(await linked(argus.admin, 'undone')).toBe(0);
  }, 90_000);

  test('CSV16: asked to end while a file is applied, the process ends within ten seconds: all or nothing', async () => {
    const found = await upload(argus.admin, company('ended'), created);
    await hangOn('ended');
    await begin(argus.admin, found);
    await untilHalfDone(0);
    const tookMs = await argus.end('SIGTERM');
    await release();
    argus = await start();
    expect(tookMs).toBeLessThan(10_000);
    const end = await settled(argus.admin, found.id);
    const written = await linked(argus.admin, 'ended');
    expect([end.state, written]).toEqual(written === 0 ? ['failed', 0] : ['applied', rows]);
    if (database) expect(end).toMatchObject(interrupted);
    expect(await employed(argus.admin, 'ended')).toBe(written);
    if (end.state === 'applied') return;
    const again = await readFile(argus.admin, found.id, created);
    expect(await apply(argus.admin, again)).toMatchObject({ state: 'applied' });
    expect(await linked(argus.admin, 'ended')).toBe(rows);
  }, 90_000);

  test('CSV16: asked to end while a file is read, the process ends at once and says that it did not finish', async () => {
    const { id } = await sendFile(argus.admin, company('cut'));
    const reading = { mode: 'merge', createAccounts: true, dropDisplayOnly: false } as const;
    await argus.admin.call('POST /api/admin/csv-imports/:id/read', { params: { id: String(id) }, body: reading });
    const tookMs = await argus.end('SIGTERM');
    argus = await start();
    expect(tookMs).toBeLessThan(10_000);
    const since = Date.now();
    const end = await settled(argus.admin, id);
    if (end.state !== 'ready') {
      expect(end).toMatchObject(interrupted);
      // Its own process settled it: nobody has to wait for the lease.
      expect(Date.now() - since).toBeLessThan(5_000);
    }
    expect(await readFile(argus.admin, id, created)).toMatchObject({ state: 'ready', counts: { added: rows } });
  }, 90_000);
});
