import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { benchImport } from './bench-import.ts';
import { benchInstances } from './bench-instances.ts';
import { benchPage } from './bench-page.ts';
import { benchPortlet } from './bench-portlet.ts';
import { benchScale } from './bench-scale.ts';
import { benchStart } from './bench-start.ts';
import { isReached, type ResultRow, reportOf } from './rounds.ts';

const rounds = 5;
// biome-ignore lint/style/noProcessEnv: the bench is no part of Argus and has no configuration of its own
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Each measurement by the name under which it runs alone. */
const measurements: Readonly<Record<string, (serverUrl: string) => Promise<ResultRow[]>>> = {
  warm: (serverUrl) => benchPortlet(serverUrl, { rounds, seconds: 4 }, 'warm'),
  cold: (serverUrl) => benchPortlet(serverUrl, { rounds, seconds: 4 }, 'cold'),
  instances: (serverUrl) => benchInstances(serverUrl, rounds, 4),
  page: (serverUrl) => benchPage(serverUrl, rounds, chromiumPath),
  start: (serverUrl) => benchStart(serverUrl, rounds),
  import: (serverUrl) => benchImport(serverUrl, rounds),
  scale: (serverUrl) => benchScale(serverUrl, 3),
};

export const measurementNames: readonly string[] = Object.keys(measurements);

/** Runs measurements one after the other, prints one table, and writes it as JSON to `bench-results.json`. */
export async function benchAll(serverUrl: string, names: readonly string[] = measurementNames): Promise<void> {
  const rows: ResultRow[] = [];
  for (const name of names) {
    try {
      rows.push(...((await measurements[name]?.(serverUrl)) ?? []));
    } catch (error) {
      console.error(`${name} could not be measured:`, error);
      process.exitCode = 1;
    }
  }
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()}, Node ${process.versions.node}`;
  console.log(`${machine}\n\n${reportOf(rows)}`);
  const results = rows.map((row) => ({ ...row, reached: isReached(row) }));
  await writeFile(
    'bench-results.json',
    `${JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2)}\n`,
  );
}
