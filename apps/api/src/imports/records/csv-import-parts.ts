import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { CsvImport } from './csv-imports.ts';
import { ImportStopped } from './csv-plan-refusals.ts';

// Through bulk sessions: Prisma converts bytes to base64 and back, which costs more than the rest of an import.

/**
 * Stores one part of a file. A part sent again replaces the former one.
 * @returns false where the import accepts no more parts: it was cancelled or is being read
 */
export async function saveImportPart(
  session: BulkSession,
  importId: number,
  index: number,
  bytes: Uint8Array,
): Promise<boolean> {
  // A concurrent cancellation waits for the lock, and then deletes this part too.
  const saved = await session.execute(
    `INSERT INTO "CsvImportPart" ("importId", index, bytes)
     SELECT id, $2::int, $3::bytea FROM "CsvImport" WHERE id = $1 AND state = 'receiving' FOR SHARE
     ON CONFLICT ("importId", index) DO UPDATE SET bytes = excluded.bytes`,
    [importId, index, bytes],
  );
  return saved === 1;
}

/**
 * A file, part by part. In replace mode, a file that ends too soon would remove whoever is in the rest of it.
 * @throws ImportStopped where it is not as long as was announced
 */
export async function* readParts(
  session: BulkSession,
  { id, fileBytes }: Pick<CsvImport, 'id' | 'fileBytes'>,
): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  for (let index = 0; ; index += 1) {
    const [part] = await session.query<{ bytes: Uint8Array }>(
      'SELECT bytes FROM "CsvImportPart" WHERE "importId" = $1 AND index = $2',
      [id, index],
    );
    if (!part) break;
    bytesRead += part.bytes.length;
    yield part.bytes;
  }
  if (bytesRead !== fileBytes) throw new ImportStopped();
}
