import { setTimeout as sleep } from 'node:timers/promises';
import { lockDataFolder } from '../../src/platform/database/lock-data-folder.ts';

/**
 * One of several starters: `node race-for-locks.ts STARTER AT_MS EVERY_MS FOLDER…`. Takes the lock of each folder at
 * its time, the starters some milliseconds apart, and writes the indexes of the folders that it got.
 */
const [starter = '', at = '', every = '', ...folders] = process.argv.slice(2);
const got: number[] = [];
for (const [round, folder] of folders.entries()) {
  const spread = (Number(starter) * (round % 7)) % 7;
  await sleep(Math.max(0, Number(at) + round * Number(every) + spread - Date.now()));
  await lockDataFolder(folder).then(
    () => got.push(round),
    () => {},
  );
}
// An ending process releases its locks, and a slow starter would rightly take them.
await sleep(Math.max(0, Number(at) + folders.length * Number(every) + 2_000 - Date.now()));
process.stdout.write(JSON.stringify(got));
