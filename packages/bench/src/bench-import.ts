import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArgus } from './argus-under-test.ts';
import { addAccounts, fileOf } from './bench-csv.ts';
import { importPlainly } from './csv-baseline.ts';
import { alternate, type ResultRow, type Spread, spreadOf } from './rounds.ts';
import { withDatabase } from './with-database.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Imports files of so many rows, each undone before the next, beside the plain import of the same file. */
async function measure(serverUrl: string, count: number, rounds: number) {
  const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  try {
    return await withDatabase(serverUrl, async (databaseUrl) => {
      const argus = await startArgus(dataDir, databaseUrl);
      try {
        await addAccounts(databaseUrl, count);
        const content = fileOf(count);
        return await alternate(
          rounds,
          () => importPlainly(databaseUrl, content),
          async () => {
            const since = performance.now();
            const applied = await argus.apply(await argus.preview(content));
            const ms = performance.now() - since;
            if (applied.state !== 'applied') throw new Error(`The import ended as ${applied.state}.`);
            await argus.undo(applied);
            return ms;
          },
        );
      } finally {
        await argus.stop();
      }
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** F4: CSV取込 from upload to applied, with 100,000 rows, and once with 1,000,000. */
export async function benchImport(serverUrl: string, rounds: number): Promise<ResultRow[]> {
  const small = await measure(serverUrl, 100_000, rounds);
  const large = await measure(serverUrl, 1_000_000, 1);
  const middle = (values: readonly number[]): number => spreadOf(values).median;
  const [ofSmall, ofLarge] = [small, large].map((measured) => middle(measured.map(({ argus }) => argus)));
  const growth: Spread = spreadOf(small.map(({ argus }) => (ofLarge ?? 0) / argus));
  return [
    {
      id: 'F4',
      what: 'CSV import of 100,000 rows, upload to applied',
      figure: spreadOf(small.map(({ argus, reference }) => argus / reference)),
      limit: { kind: 'most', value: 1.5 },
      behind: `${seconds(ofSmall ?? 0)} : ${seconds(middle(small.map(({ reference }) => reference)))}`,
    },
    {
      id: 'F4',
      what: '1,000,000 rows over 100,000',
      figure: growth,
      limit: { kind: 'most', value: 10 },
      behind: `${seconds(ofLarge ?? 0)} : ${seconds(ofSmall ?? 0)}`,
    },
  ];
}
