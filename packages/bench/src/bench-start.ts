import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@argus/fields/present';
import { freePort, launchArgus, untilReady } from './argus-under-test.ts';
import type { HelloServerOptions } from './references/hello-server.ts';
import { alternate, type ResultRow, spreadOf } from './rounds.ts';
import { startProcess } from './start-process.ts';
import { withDatabase } from './with-database.ts';

const helloFile = resolve(import.meta.dirname, 'references/hello-server.ts');
/** After this long, what only the start needed may be collected. */
const idleMs = 3_000;

async function startHello(options: Omit<HelloServerOptions, 'port'>): Promise<number> {
  const port = await freePort();
  const since = performance.now();
  const { child, stop } = startProcess(helloFile, {}, { args: [JSON.stringify({ ...options, port })] });
  await untilReady(`http://localhost:${port}`, child);
  const ms = performance.now() - since;
  await stop();
  return ms;
}

async function benchOn(
  what: 'PostgreSQL' | 'PGlite',
  mostMegabytes: number,
  rounds: number,
  databaseUrl?: string,
): Promise<ResultRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  const env = { ARGUS_DATA_DIR: dataDir, ...present({ DATABASE_URL: databaseUrl }) };
  const idle: number[] = [];
  try {
    // The first start migrates and fills the database.
    await (await launchArgus(env)).stop();
    await startHello(databaseUrl === undefined ? { folder: join(dataDir, 'hello') } : { databaseUrl });
    const measured = await alternate(
      rounds,
      () => startHello(databaseUrl === undefined ? { folder: join(dataDir, 'hello') } : { databaseUrl }),
      async () => {
        const argus = await launchArgus(env);
        await sleep(idleMs);
        idle.push((await argus.measure()).rss / 1024 / 1024);
        await argus.stop();
        return argus.readyMs;
      },
    );
    const of = (who: 'reference' | 'argus') => spreadOf(measured.map((round) => round[who])).median.toFixed(0);
    return [
      {
        id: 'F6',
        what: `${what}: start to ready, second start`,
        figure: spreadOf(measured.map(({ reference, argus }) => argus / reference)),
        limit: { kind: 'most', value: 2.5 },
        behind: `${of('argus')} : ${of('reference')} ms`,
      },
      {
        id: 'F6',
        what: `${what}: idle RSS, MB`,
        figure: spreadOf(idle),
        limit: { kind: 'most', value: mostMegabytes },
        behind: 'the demo, three seconds after it was ready',
      },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** F6: how long Argus takes to start on a database that it has used before, and its memory while nobody asks. */
export async function benchStart(serverUrl: string, rounds: number): Promise<ResultRow[]> {
  const onPostgres = await withDatabase(serverUrl, (url) => benchOn('PostgreSQL', 160, rounds, url));
  return [...onPostgres, ...(await benchOn('PGlite', 350, rounds))];
}
