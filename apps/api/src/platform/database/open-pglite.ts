import { present } from '@argus/fields/present';
import { PGlite } from '@electric-sql/pglite';

/**
 * Opens PGlite on a folder, or in memory without one.
 *
 * @param template a data folder from `dumpDataDir`, to start a new database from
 */
export async function openPglite(folder?: string, template?: Blob): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...present({ dataDir: folder, loadDataDir: template }),
  });
  // Prisma's adapters drop the offset of a timestamptz and assume UTC.
  await pglite.exec("SET TIME ZONE 'UTC'");
  return pglite;
}
