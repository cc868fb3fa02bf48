import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ArgusProcess, launchArgus } from './argus-under-test.ts';
import { type LoadGenerator, startLoad } from './load/start-load.ts';
import { benchKey, type SeedOrder, seedPortlet } from './seed-portlet.ts';
import { type StartedProcess, startProcess } from './start-process.ts';
import { withDatabase } from './with-database.ts';

/** The fake Microsoft 365 in its own process. */
export interface FakeGraph extends StartedProcess {
  readonly url: string;
  readonly loginUrl: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Argus on PostgreSQL, connected to a fake Microsoft 365; each in its own process, as is the load. */
export interface PortletStage {
  readonly argus: ArgusProcess;
  readonly databaseUrl: string;
  readonly fake: FakeGraph;
  readonly load: LoadGenerator;
  /** Adds users, and returns their cookies. */
  seed(order: Pick<SeedOrder, 'users' | 'list'>): Promise<string[]>;
}

async function startFake(): Promise<FakeGraph> {
  const started = startProcess(resolve(import.meta.dirname, 'references/fake-microsoft-server.ts'), {});
  const [facts] = (await once(started.child, 'message')) as [Omit<FakeGraph, keyof StartedProcess>];
  return { ...started, ...facts };
}

export async function onPortletStage<T>(serverUrl: string, work: (stage: PortletStage) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  const fake = await startFake();
  const load = startLoad();
  try {
    return await withDatabase(serverUrl, async (databaseUrl) => {
      const argus = await launchArgus({
        ARGUS_DATA_DIR: dataDir,
        DATABASE_URL: databaseUrl,
        ARGUS_VAULT_KEYS: `${benchKey.kid}:${benchKey.key.toString('base64')}`,
        ARGUS_DEMO_LOGIN_URL: fake.loginUrl,
        ARGUS_DEMO_GRAPH_URL: fake.url,
      });
      try {
        const { accessToken, refreshToken } = fake;
        const seed: PortletStage['seed'] = (order) => seedPortlet(databaseUrl, { ...order, accessToken, refreshToken });
        return await work({ argus, databaseUrl, fake, load, seed });
      } finally {
        await argus.stop();
      }
    });
  } finally {
    await load.stop();
    await fake.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
