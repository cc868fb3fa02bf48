import { resolve } from 'node:path';
import Fastify from 'fastify';

// The least that opens the database and answers over HTTP.

export interface HelloServerOptions {
  readonly port: number;
  readonly databaseUrl?: string;
  /** The folder of an embedded database, where there is no URL. */
  readonly folder?: string;
}

const { port, databaseUrl, folder } = JSON.parse(process.argv[2] ?? '{}') as HelloServerOptions;
if (databaseUrl !== undefined) {
  const { default: pg } = await import('pg');
  await new pg.Pool({ connectionString: databaseUrl }).query('SELECT 1');
} else {
  const { PGlite } = await import('@electric-sql/pglite');
  await (await PGlite.create(resolve(folder ?? ''))).query('SELECT 1');
}
const app = Fastify();
app.get('/readyz', () => ({ ready: true }));
await app.listen({ host: '127.0.0.1', port });
process.on('SIGTERM', () => process.exit(0));
