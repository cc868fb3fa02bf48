import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LockHolder } from '../../src/platform/database/folder-lock.ts';
import { lockDataFolder } from '../../src/platform/database/lock-data-folder.ts';
import { openDatabase } from '../../src/platform/database/open-database.ts';

// Two processes that each create a database: seconds alone, far more on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const run = promisify(execFile);

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-data-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

/** Starts a process that holds the folder's database, and waits until it does. */
async function startHolder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/hold-data-folder.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const stdout = child.stdout;
  if (!stdout) throw new Error('no stdout');
  await Promise.race([once(stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error('ended early')))]);
  return child;
}

function holderFile(holder: Partial<LockHolder>, of = folder): Promise<void> {
  const whole: LockHolder = {
    pid: process.pid,
    host: hostname(),
    since: '2026-01-02T03:04:05.000Z',
    servedAt: null,
    processStart: null,
    token: 'another',
    ...holder,
  };
  return writeFile(join(of, 'argus.lock'), JSON.stringify(whole));
}

/** A pid that no process has: that of a child that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('D07: refuses a second process on the data folder, and names the holder', async () => {
  const child = await startHolder();
  const attempt = openDatabase({ kind: 'pglite', dataDir: folder });
  await expect(attempt).rejects.toMatchObject({
    code: 'database_locked',
    ja: expect.stringContaining(`プロセス ${child.pid}`),
    en: expect.stringMatching(
      new RegExp(`process ${child.pid} on ${hostname()}, since 20[0-9T:.-]+Z, http://localhost:4711`),
    ),
  });
});

test('PROC03: the folder of a process that was killed is taken over, with all that it had committed', async () => {
  const child = await startHolder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const database = await openDatabase({ kind: 'pglite', dataDir: folder });
  const rows = await database.prisma.vaultKey.findMany();
  await database.close();
  expect(rows).toMatchObject([{ kid: 'held', sealedCheck: String(child.pid) }]);
});

test.runIf(process.platform === 'linux')(
  'ops T29: a process that has ended holds nothing, though its parent has not taken notice',
  async () => {
    // The shell becomes a sleep that never asks after its child.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    const fields = async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
    await vi.waitFor(async () => expect((await fields())[0]).toBe('Z'), { timeout: 5_000 });
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    await holderFile({ pid, processStart: `${boot}/${(await fields())[19]}` });
    (await lockDataFolder(folder)).release();
  },
);

test('the folder is free again after close, and keeps its data', async () => {
  const first = await openDatabase({ kind: 'pglite', dataDir: folder });
  await first.prisma.vaultKey.create({ data: { kid: 'kept', sealedCheck: 'x' } });
  await first.close();
  expect(await readdir(folder)).toEqual(['database']);
  const second = await openDatabase({ kind: 'pglite', dataDir: folder });
  const count = await second.prisma.vaultKey.count();
  await second.close();
  expect(count).toBe(1);
});

test.runIf(process.platform !== 'win32')(
  'ops T20: the files of the database are private, whatever the umask',
  async () => {
    const database = await openDatabase({ kind: 'pglite', dataDir: folder });
    await database.prisma.vaultKey.create({ data: { kid: 'kept', sealedCheck: 'x' } });
    await database.close();
    const files = await readdir(join(folder, 'database'), { recursive: true });
    const modes = await Promise.all(['.', ...files].map((file) => stat(join(folder, 'database', file))));
    expect(modes.filter(({ mode }) => (mode & 0o077) !== 0)).toEqual([]);
  },
);

test('a second opening in the same process is refused as well', async () => {
  const lock = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'database_locked' });
  lock.release();
  const again = await lockDataFolder(folder);
  again.release();
});

test('the lock of a dead pid is taken over', async () => {
  await holderFile({ pid: await deadPid() });
  const lock = await lockDataFolder(folder);
  expect(JSON.parse(await readFile(join(folder, 'argus.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
});

test.runIf(process.platform === 'linux')('a lock whose pid now belongs to another process is taken over', async () => {
  await holderFile({ pid: process.pid, processStart: 'an-earlier-boot/42' });
  const lock = await lockDataFolder(folder);
  lock.release();
});

test('a lock of another host holds while its heartbeat is fresh, and is taken over once it is old', async () => {
  await holderFile({ host: 'elsewhere' });
  await expect(lockDataFolder(folder)).rejects.toMatchObject({
    code: 'database_locked',
    en: expect.stringContaining('on elsewhere'),
  });
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, 'argus.lock'), longAgo, longAgo);
  const lock = await lockDataFolder(folder);
  lock.release();
});

test('of several attempts that find a stale lock at once, exactly one takes it over', async () => {
  const pid = await deadPid();
  for (let round = 0; round < 5; round += 1) {
    await holderFile({ pid });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => lockDataFolder(folder)));
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['argus.lock']);
    won[0]?.value.release();
  }
});

test('ops T36: of six processes that find a stale lock within milliseconds, exactly one takes it over and keeps it', {
  timeout: 120_000,
}, async () => {
  const pid = await deadPid();
  const rounds = Number(process.env.ARGUS_TEST_LOCK_ROUNDS ?? 150);
  const folders = Array.from({ length: rounds }, (_, round) => join(folder, `round-${round}`));
  for (const raced of folders) {
    await mkdir(raced);
    await holderFile(raced.endsWith('3') ? { host: 'elsewhere' } : { pid }, raced);
    await utimes(join(raced, 'argus.lock'), new Date(0), new Date(0));
  }
  const at = Date.now() + 3_000;
  const script = join(import.meta.dirname, '../support/race-for-locks.ts');
  const results = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const args = [script, String(at), '60', ...folders];
      const { stdout } = await run(process.execPath, args);
      return JSON.parse(stdout) as number[];
    }),
  );
  expect(results.flat().sort((a, b) => a - b)).toEqual(folders.map((_, round) => round));
});

test('a folder that cannot be written to is refused with one sentence that names it', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const dataDir = join(file, 'data');
  await expect(openDatabase({ kind: 'pglite', dataDir })).rejects.toMatchObject({
    code: 'data_folder_not_writable',
    message: expect.stringMatching(new RegExp(`^データフォルダー ${dataDir} .* / The data folder ${dataDir} [^\\n]*$`)),
  });
});

test('ops T34: a full disk is told as such, not as a broken database', async ({ skip }) => {
  const disk = join(folder, 'tiny');
  await mkdir(disk);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
  // Only root may mount, and not in every container.
  if (!mounted) skip();
  try {
    await expect(openDatabase({ kind: 'pglite', dataDir: disk })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining(disk),
    });
  } finally {
    // PGlite keeps the files of a failed opening open.
    await run('umount', ['--lazy', disk]);
  }
});

test('reports a failed migration as such, and releases the folder', async () => {
  const first = await openDatabase({ kind: 'pglite', dataDir: folder });
  // As if the first migration had never run: its first statement finds that its type exists.
  await first.prisma.$executeRaw`DELETE FROM _prisma_migrations`;
  await first.close();
  await expect(openDatabase({ kind: 'pglite', dataDir: folder })).rejects.toMatchObject({ code: 'migration_failed' });
  expect(await readdir(folder)).toEqual(['database']);
});

test('a folder that holds no usable database is refused, and stays unlocked', async () => {
  await mkdir(join(folder, 'database'));
  await writeFile(join(folder, 'database/PG_VERSION'), '9\n');
  await expect(openDatabase({ kind: 'pglite', dataDir: folder })).rejects.toMatchObject({ code: 'database_unusable' });
  expect(await readdir(folder)).toEqual(['database']);
});
