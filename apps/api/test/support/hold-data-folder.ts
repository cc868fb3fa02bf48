import { openDatabase } from '../../src/platform/database/open-database.ts';

/**
 * A second Argus, as far as its database is concerned: `node hold-data-folder.ts FOLDER`. Writes one row, reports it,
 * waits.
 */
const [dataDir = ''] = process.argv.slice(2);
const database = await openDatabase({ kind: 'pglite', dataDir, servedAt: 'http://localhost:4711' });
await database.prisma.vaultKey.create({ data: { kid: 'held', sealedCheck: String(process.pid) } });
process.stdout.write('holding\n');
setInterval(() => {}, 60_000);
