import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchArgus } from './argus-under-test.ts';
import { onPortletStage } from './portlet-stage.ts';
import type { RoundRobinOptions } from './references/round-robin-server.ts';
import { alternate, type ResultRow, spreadOf } from './rounds.ts';
import { benchKey } from './seed-portlet.ts';
import { startServer } from './start-process.ts';

const path = '/api/new-arrivals';
const proxyFile = resolve(import.meta.dirname, 'references/round-robin-server.ts');

/** F9: the CPU that a warm request costs with two instances behind a proxy, to that with one. */
export async function benchInstances(serverUrl: string, rounds: number, seconds: number): Promise<ResultRow[]> {
  return onPortletStage(serverUrl, async ({ argus, databaseUrl, fake, load, seed }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
    const second = await launchArgus({
      ARGUS_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      ARGUS_VAULT_KEYS: `${benchKey.kid}:${benchKey.key.toString('base64')}`,
      ARGUS_DEMO_LOGIN_URL: fake.loginUrl,
      ARGUS_DEMO_GRAPH_URL: fake.url,
    });
    const alone: RoundRobinOptions = { upstreams: [argus.url] };
    const both: RoundRobinOptions = { upstreams: [argus.url, second.url] };
    const toOne = await startServer(proxyFile, alone);
    const toBoth = await startServer(proxyFile, both);
    try {
      const [cookie = ''] = await seed({ users: 1, list: null });
      for (const { url } of [argus, second]) await fetch(url + path, { headers: { cookie } });
      const cpu = async () => (await argus.measure()).cpu + (await second.measure()).cpu;
      /** Milliseconds of CPU for each request. */
      const run = async (proxy: string) => {
        const before = await cpu();
        const { requestsPerSecond } = await load.run({
          ...{ url: proxy + path, headers: [{ cookie }], connections: 64, seconds, status: 200 },
        });
        return { cpu: ((await cpu()) - before) / (requestsPerSecond * seconds), requestsPerSecond };
      };
      const measured = await alternate(
        rounds,
        () => run(toOne.url),
        () => run(toBoth.url),
      );
      const of = (who: 'reference' | 'argus', figure: 'cpu' | 'requestsPerSecond') =>
        spreadOf(measured.map((round) => round[who][figure])).median;
      return [
        {
          id: 'F9',
          what: 'two instances: CPU for a request, to one',
          figure: spreadOf(measured.map(({ reference, argus: pair }) => pair.cpu / reference.cpu)),
          limit: { kind: 'most', value: 1.05 },
          behind: `${of('argus', 'cpu').toFixed(3)} : ${of('reference', 'cpu').toFixed(3)} ms; ${of('argus', 'requestsPerSecond').toFixed(0)} : ${of('reference', 'requestsPerSecond').toFixed(0)} /s through the proxy`,
        },
      ];
    } finally {
      await toBoth.stop();
      await toOne.stop();
      await second.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
