import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseStartFailure } from './database-start-failure.ts';
import { type FolderLock, holdLock, type LockHolder, type LockRules } from './folder-lock.ts';

const usualRules = { heartbeatMs: 10_000, abandonedAfterMs: 60_000 };

function isErrno(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * Linux: boot id and start time in ticks of a process (proc(5), field 22 of stat). Null elsewhere, or if it is gone.
 * `ended` for one that only waits for its parent to take notice, as in a container without an init.
 */
async function processStartOf(pid: number): Promise<string | null> {
  try {
    const [boot, line] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The second field is the command in parentheses and may contain blanks.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR')) return null;
    throw error;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

async function readHolder(file: string): Promise<LockHolder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockHolder;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

async function isAlive(holder: LockHolder, file: string, rules: LockRules): Promise<boolean> {
  if (holder.host !== rules.host) {
    const beat = await stat(file).catch((error: unknown) => {
      // Released meanwhile.
      if (isErrno(error, 'ENOENT')) return null;
      throw error;
    });
    return beat !== null && Date.now() - beat.mtimeMs < rules.abandonedAfterMs;
  }
  if (!processExists(holder.pid)) return false;
  if (holder.processStart === null) return true;
  const start = await processStartOf(holder.pid);
  return start === null || start === holder.processStart;
}

function lockedBy(folder: string, holder: LockHolder): DatabaseStartFailure {
  const { pid, host, since, servedAt } = holder;
  const place = servedAt === null ? '' : `, ${servedAt}`;
  return new DatabaseStartFailure('database_locked', {
    ja: `データフォルダー ${folder} は別の Argus(プロセス ${pid}、ホスト ${host}、${since} に開始${place})が使用中です。`,
    en: `The data folder ${folder} is in use by another Argus (process ${pid} on ${host}, since ${since}${place}).`,
  });
}

function notWritable(folder: string, cause: unknown): DatabaseStartFailure {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new DatabaseStartFailure(
    'data_folder_not_writable',
    {
      ja: `データフォルダー ${folder} に書き込めません(${code})。`,
      en: `The data folder ${folder} cannot be written to (${code}).`,
    },
    cause,
  );
}

/** Creates our lock file if there is none. Linking makes it appear with its content. */
async function place(file: string, own: LockHolder): Promise<boolean> {
  const draft = `${file}.${own.token}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removing a lock takes milliseconds. A process that holds the guard for longer has died. */
const guardAbandonedAfterMs = 10_000;

/**
 * Removes the lock of a dead holder. Only the process that created the guard, a folder, may remove a lock, and it
 * checks again first: another starter may have removed it meanwhile, and a third may have taken the free place.
 * @returns whether the guard was ours
 */
async function removeStale(file: string, stale: LockHolder): Promise<boolean> {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    const since = await stat(guard).catch(() => null);
    if (since && Date.now() - since.mtimeMs > guardAbandonedAfterMs) await rmdir(guard).catch(() => {});
    return false;
  }
  try {
    const since = await stat(guard);
    // Without a pause in between: a process that was frozen here for long would find that its guard is another's.
    const isStale = (JSON.parse(readFileSync(file, 'utf8')) as LockHolder).token === stale.token;
    if (isStale && Date.now() - since.mtimeMs < guardAbandonedAfterMs / 2) rmSync(file);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  } finally {
    await rmdir(guard).catch(() => {});
  }
  return true;
}

async function acquire(folder: string, file: string, own: LockHolder, rules: LockRules): Promise<void> {
  const giveUpAt = Date.now() + 2 * guardAbandonedAfterMs;
  while (Date.now() < giveUpAt) {
    if (await place(file, own)) return;
    const holder = await readHolder(file);
    if (holder === null) continue;
    if (await isAlive(holder, file, rules)) throw lockedBy(folder, holder);
    if (!(await removeStale(file, holder))) await sleep(20);
  }
  throw notWritable(folder, new Error('lock contention'));
}

/**
 * Creates the data folder and takes its lock, `argus.lock`, which names its holder. PGlite takes none, and two
 * processes on one folder would corrupt it. The lock of a dead process is taken over; a process that was only frozen
 * ends once it goes on and finds that.
 *
 * @param given other rules than the usual ones: only tests have any
 * @throws DatabaseStartFailure `database_locked` or `data_folder_not_writable`
 */
export async function lockDataFolder(
  folder: string,
  servedAt: string | null = null,
  given: Partial<LockRules> = {},
): Promise<FolderLock> {
  const rules = { ...usualRules, host: hostname(), ...given };
  const file = join(folder, 'argus.lock');
  const own: LockHolder = {
    pid: process.pid,
    host: rules.host,
    since: new Date().toISOString(),
    servedAt,
    processStart: await processStartOf(process.pid),
    token: randomUUID(),
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await acquire(folder, file, own, rules);
  } catch (error) {
    throw error instanceof DatabaseStartFailure ? error : notWritable(folder, error);
  }
  return holdLock(folder, file, own.token, rules);
}
