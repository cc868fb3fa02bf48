import { csvPartBytes } from '@argus/contract/csv-limits';
import type { CsvImportView, CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { request, UnreachableError } from '../../lib/api-client.ts';

/** The file existed when it was chosen, but cannot be read now. */
export class UnreadableFileError extends Error {
  constructor(cause: unknown) {
    super('The file cannot be read', { cause });
    this.name = 'UnreadableFileError';
  }
}

export interface UploadProgress {
  /** Bytes of the file. */
  readonly sent: number;
  /** The connection was lost, and another try is in progress. */
  readonly retrying: boolean;
}

/** The waits between the tries to send a part; after the last one the upload fails. */
const waitsMs = [1000, 3000];

/**
 * Uploads a file part by part and has it read. An upload that ends early, for whatever reason, is also cancelled on
 * the server.
 * @throws UnreadableFileError, or as `request` does
 */
export async function uploadFile(
  file: File,
  table: CsvTable,
  options: {
    signal: AbortSignal;
    onProgress: (progress: UploadProgress) => void;
    /** The server has recorded that it ended early; called after the error, if at all. */
    onCancelled?: () => void;
    call?: typeof request;
  },
): Promise<CsvImportView> {
  const { signal, onProgress, onCancelled, call = request } = options;
  const body = { table, fileName: file.name.slice(0, 255), fileBytes: file.size };
  const { id } = await call('POST /api/admin/csv-imports', { body, signal });
  try {
    for (let index = 0; index * csvPartBytes < file.size; index++) {
      const begin = index * csvPartBytes;
      const part = await readPart(file, begin, begin + csvPartBytes);
      await retryPart(
        () => call('PUT /api/admin/csv-imports/:id/parts/:index', { params: { id, index }, body: part, signal }),
        () => onProgress({ sent: begin, retrying: true }),
        signal,
      );
      onProgress({ sent: begin + part.byteLength, retrying: false });
    }
    const asIs = { mode: 'merge', createAccounts: false, dropDisplayOnly: false } as const;
    return await call('POST /api/admin/csv-imports/:id/read', { params: { id }, body: asIs, signal });
  } catch (error) {
    // Best effort: the server cleans up what stays behind.
    call('POST /api/admin/csv-imports/:id/cancel', { params: { id } }).then(onCancelled, () => undefined);
    throw error;
  }
}

/** Read before it is sent, so that a changed file does not look like a lost connection. */
async function readPart(file: File, begin: number, end: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(begin, end).arrayBuffer();
  } catch (cause) {
    throw new UnreadableFileError(cause);
  }
}

async function retryPart(send: () => Promise<unknown>, onRetry: () => void, signal: AbortSignal): Promise<void> {
  for (const waitMs of [...waitsMs, null]) {
    try {
      await send();
      return;
    } catch (error) {
      const lost = error instanceof UnreachableError;
      if (!lost || waitMs === null || signal.aborted) throw error;
      onRetry();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      signal.throwIfAborted();
    }
  }
}
