import { setImmediate } from 'node:timers/promises';
import { openDatabase } from '../../src/platform/database/open-database.ts';

/**
 * A second Argus on another machine, as far as its database is concerned: `node write-to-data-folder.ts FOLDER HOST`.
 * Waits for the folder, then writes one row after the other and reports each as soon as it is acknowledged.
 */
const [dataDir = '', host = ''] = process.argv.slice(2);
// Shorter than in operation, where a lock is abandoned after a minute.
const lock = { host, heartbeatMs: 200, abandonedAfterMs: 1_500 };
const open = async () => {
  for (;;) {
    try {
      return await openDatabase({ kind: 'pglite', dataDir, lock });
    } catch (error) {
      if ((error as { code?: string }).code !== 'database_locked') throw error;
    }
  }
};
const database = await open();
let stopped = false;
process.once('SIGTERM', () => {
  stopped = true;
});
for (let n = 0; !stopped; n += 1) {
  const kid = `${host}-${n}`;
  await database.prisma.vaultKey.create({ data: { kid, sealedCheck: 'x'.repeat(2_000) } });
  process.stdout.write(`${kid}\n`);
  // PGlite answers without the event loop, which signals wait for.
  await setImmediate();
}
await database.close();
