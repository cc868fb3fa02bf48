import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArgus } from './argus-under-test.ts';
import { benchTable, tableOf } from './bench-table.ts';
import { seedAccounts } from './seed-accounts.ts';
import { withDatabase } from './with-database.ts';

/** Measures the tables アカウント情報 and 利用者 with `count` rows, and prints the figures. Takes some minutes. */
export async function benchAccounts(serverUrl: string, count: number, rounds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  try {
    await withDatabase(serverUrl, async (databaseUrl) => {
      const argus = await startArgus(dataDir, databaseUrl);
      try {
        await seedAccounts(databaseUrl, count);
        console.log(tableOf(await benchTable({ get: argus.get, rounds })));
      } finally {
        await argus.stop();
      }
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
