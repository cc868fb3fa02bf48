import type { BulkSession } from '../../platform/database/bulk-session.ts';

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

/** A file, part by part. */
export async function* readParts(session: BulkSession, importId: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; ; index += 1) {
    const [part] = await session.query<{ bytes: Uint8Array }>(
      'SELECT bytes FROM "CsvImportPart" WHERE "importId" = $1 AND index = $2',
      [importId, index],
    );
    if (!part) return;
    yield part.bytes;
  }
}
