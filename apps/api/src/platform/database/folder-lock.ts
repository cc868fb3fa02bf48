import { readFileSync, rmSync, utimesSync, writeSync } from 'node:fs';

/** The holder of a data folder, as stored in its lock file. */
export interface LockHolder {
  pid: number;
  host: string;
  /** When the process took the lock, ISO 8601. */
  since: string;
  /** The URL at which that Argus is served, if known. */
  servedAt: string | null;
  /** When the process itself started, in the system's own unit, to detect a reused pid; null where unknown. */
  processStart: string | null;
  token: string;
}

export interface LockRules {
  readonly heartbeatMs: number;
  /** The pid of another host cannot be checked; its lock counts as abandoned when the heartbeat is this old. */
  readonly abandonedAfterMs: number;
  /** The name of this machine. */
  readonly host: string;
}

/** The lock of a data folder, held by this process. */
export interface FolderLock {
  /**
   * Call this before anything is read from or written to the folder. Where the lock has become another's while this
   * process stood still (SIGSTOP, a suspended laptop, a snapshot of the machine), it ends the process.
   */
  readonly check: () => void;
  readonly release: () => void;
}

/** A process that stands still for longer than this checks the lock before it goes on. By either clock, in milliseconds. */
const trustedForMs = 10;
/** How long a lock that cannot be read, as the disk or the file table is full, is trusted. */
const unreadableForMs = 30_000;

/** Holds a lock that this process has just placed. Its heartbeat goes on while statements block the process. */
export function holdLock(folder: string, file: string, token: string, { heartbeatMs }: LockRules): FolderLock {
  const clocks = () => ({ wall: Date.now(), steady: performance.now() });
  let verified = clocks();
  let beaten = verified;

  /** A suspended machine stops its steady clock, and a corrected wall clock may go back. */
  function isOlder(since: typeof verified, ms: number): boolean {
    const now = clocks();
    return now.steady - since.steady > ms || Math.abs(now.wall - since.wall) > ms;
  }

  function isOurs(): boolean {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as LockHolder).token === token;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT' && !isOlder(verified, unreadableForMs);
    }
  }

  function verify(): void {
    if (!isOurs()) endProcess(folder);
    verified = clocks();
  }

  function beat(): void {
    verify();
    beaten = clocks();
    try {
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      // The next beat makes up for a missed one.
    }
  }

  const heartbeat = setInterval(beat, heartbeatMs);
  heartbeat.unref();
  const release = () => {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    try {
      const holder = JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
      if (holder.token === token) rmSync(file);
    } catch {
      // Already gone, perhaps with its folder: nothing to release.
    }
  };
  process.once('exit', release);
  return {
    check() {
      if (isOlder(beaten, heartbeatMs)) beat();
      else if (isOlder(verified, trustedForMs)) verify();
    },
    release,
  };
}

/** Nothing may run any more: not even the end of a statement, which writes. */
function endProcess(folder: string): never {
  writeSync(
    2,
    `データフォルダー ${folder} のロックは、このプロセスが止まっている間にほかの Argus のものになりました。何も書き込まずに終了します。 / Another Argus took over the lock on the data folder ${folder} while this process was paused. Exiting without writing anything.\n`,
  );
  process.exit(1);
}
