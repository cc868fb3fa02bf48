import { csvPartBytes } from '@argus/contract/csv-limits';
import type { CsvImportView, CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { request, UnreachableError } from '../../lib/api-client.ts';

/** The file was there when it was chosen, and cannot be read now. */
export class UnreadableFileError extends Error {
  constructor(cause: unknown) {
    super('The file cannot be read', { cause });
    this.name = 'UnreadableFileError';
  }
}

export interface UploadProgress {
  /** Of the file's bytes. */
  readonly sent: number;
  /** The connection was lost, and another try is under way. */
  readonly retrying: boolean;
}

/** How often a part is sent before the upload is given up, and how long to wait between. */
const waitsMs = [1000, 3000];

/**
 * Sends a file part by part and has it read. An upload that ends early, for whatever reason, is cancelled on the server too.
 * @throws UnreadableFileError, or as `request` does
 */
export async function uploadFile(
  file: File,
  table: CsvTable,
  options: {
    signal: AbortSignal;
    onProgress: (progress: UploadProgress) => void;
    /** The server has noted that it ended early; later than the error, if at all. */
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
    // Whether that arrives or not: what stays behind is cleared away by the server.
    call('POST /api/admin/csv-imports/:id/cancel', { params: { id } }).then(onCancelled, () => undefined);
    throw error;
  }
}

/** Read before it is sent, so that a file that changed is not taken for a lost connection. */
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
