import type { BulkSession } from '../database/bulk-session.ts';

// Through bulk sessions: Prisma turns bytes into base64 and back, which costs more than all the rest of an import.

/** Keeps one part of a file. A part that is sent again replaces itself. */
export async function saveImportPart(
  session: BulkSession,
  importId: number,
  index: number,
  bytes: Uint8Array,
): Promise<void> {
  await session.execute(
    `INSERT INTO "CsvImportPart" ("importId", index, bytes) VALUES ($1, $2, $3)
     ON CONFLICT ("importId", index) DO UPDATE SET bytes = excluded.bytes`,
    [importId, index, bytes],
  );
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
