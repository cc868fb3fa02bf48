import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/platform/database/open-database.ts';
import type { Services } from '../../src/platform/services.ts';
import type { TestArgus } from './build-app.ts';

/**
 * A second Argus on the same database, like another process: on PostgreSQL with its own connections. PGlite belongs
 * to one process, so there the two share it.
 */
export async function startAnotherInstance(
  argus: TestArgus,
  change: Partial<Pick<Services, 'vault'>> = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const { config } = argus.database;
  const database = config.kind === 'postgres' ? await openDatabase(config) : undefined;
  const { prisma: db, reads } = database ?? argus.database;
  const services = { ...argus.services, ...change, db, reads };
  const app = await buildApp(services, { readiness: async () => 'ok' as const, webRoot: 'no-web-in-api-tests' });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async close() {
      await app.close();
      await database?.close();
    },
  };
}
