import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/platform/database/open-database.ts';

interface Writer {
  readonly child: ChildProcess;
  /** The rows that its database has acknowledged. */
  rows(): readonly string[];
  errors(): string;
  /** Waits until it has written this many rows. */
  reaches(count: number): Promise<void>;
  ended(): Promise<number | null>;
}

let folder: string;
let writers: Writer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-frozen-'));
  writers = [];
});
afterEach(async () => {
  for (const { child, ended } of writers) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended();
  }
  await rm(folder, { recursive: true, force: true });
});

function startWriter(host: string): Writer {
  const script = join(import.meta.dirname, '../support/write-to-data-folder.ts');
  const child = spawn(process.execPath, [script, folder, host], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const rows = () => out.split('\n').slice(0, -1);
  const writer: Writer = {
    child,
    rows,
    errors: () => errors,
    async reaches(count) {
      while (rows().length < count) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${errors}`);
        await sleep(10);
      }
    },
    ended: () => closed,
  };
  writers.push(writer);
  return writer;
}

test('ops T36: a process that was frozen while another machine took its folder ends before it writes, and nothing is lost', {
  timeout: 120_000,
}, async () => {
  const frozen = startWriter('pod-a');
  await frozen.reaches(20);
  frozen.child.kill('SIGSTOP');
  const successor = startWriter('vm');
  await successor.reaches(10);
  frozen.child.kill('SIGCONT');
  expect(await frozen.ended()).toBe(1);
  expect(frozen.errors()).toMatch(
    /^データフォルダー .* のロックは、.* \/ Another Argus took over the lock on the data folder .* while .*\n$/,
  );
  await successor.reaches(successor.rows().length + 10);
  successor.child.kill('SIGTERM');
  expect(await successor.ended()).toBe(0);

  const database = await openDatabase({ kind: 'pglite', dataDir: folder });
  const stored = (await database.prisma.vaultKey.findMany()).map(({ kid }) => kid);
  await database.close();
  const acknowledged = [...frozen.rows(), ...successor.rows()];
  expect(acknowledged.filter((row) => !stored.includes(row))).toEqual([]);
  // The row under way when the process was frozen may have been stored without its acknowledgement.
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1);
});

test('a heartbeat keeps the folder from another machine, however long the process writes', {
  timeout: 60_000,
}, async () => {
  const holder = startWriter('pod-a');
  await holder.reaches(1);
  startWriter('vm');
  await sleep(4_000);
  expect(writers[1]?.rows()).toEqual([]);
  expect(holder.child.exitCode).toBeNull();
});
