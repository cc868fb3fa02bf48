import { setTimeout as sleep } from 'node:timers/promises';
import type { FolderLock } from '../../src/platform/database/folder-lock.ts';
import { lockDataFolder } from '../../src/platform/database/lock-data-folder.ts';

/**
 * One of several starters: `node race-for-locks.ts AT_MS EVERY_MS FOLDER…`. Takes the lock of each folder at its time,
 * up to eight milliseconds late, and writes the indexes of the folders that it got. A holder whose lock is another's
 * ends with code 1.
 */
const [at = '', every = '', ...folders] = process.argv.slice(2);
const got: { readonly round: number; readonly lock: FolderLock }[] = [];
for (const [round, folder] of folders.entries()) {
  const spread = Math.random() * (round % 9);
  await sleep(Math.max(0, Number(at) + round * Number(every) + spread - Date.now()));
  await lockDataFolder(folder).then(
    (lock) => got.push({ round, lock }),
    () => {},
  );
}
// An ending process releases its locks, and a slow starter would rightly take them.
await sleep(Math.max(0, Number(at) + folders.length * Number(every) + 2_000 - Date.now()));
for (const { lock } of got) lock.check();
process.stdout.write(JSON.stringify(got.map(({ round }) => round)));
