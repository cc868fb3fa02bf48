import type { CsvLayout } from '../../src/platform/csv/csv-layout.ts';
import { CsvRefused } from '../../src/platform/csv/csv-refused.ts';
import { type CsvBatch, readCsv } from '../../src/platform/csv/read-csv.ts';
import type { CsvRow } from '../../src/platform/csv/read-row.ts';

export const linkLayout: CsvLayout = {
  columns: [
    { name: 'username', header: { ja: 'Salesforceアカウント', en: 'Salesforce Account' }, required: true },
    { name: 'microsoftAccount', header: { ja: 'Microsoft365アカウント', en: 'Microsoft 365 Account' }, required: true },
  ],
  displayOnly: { name: 'displayName', header: { ja: 'ユーザ名', en: 'User Name' }, required: false },
};

export const japaneseHeader = 'Salesforceアカウント,Microsoft365アカウント';
export const asciiHeader = 'Salesforce Account,Microsoft 365 Account';

interface ReadFile {
  readonly layout?: CsvLayout;
  readonly dropDisplayOnly?: boolean;
  /** The chunk size of the file. */
  readonly chunkBytes?: number;
}

export interface FileRead {
  readonly rows: CsvRow[];
  readonly shape: CsvBatch['shape'] | undefined;
  readonly bytesRead: number;
  readonly batches: number;
}

/** Reads a file to its end; a string is a UTF-8 file without a byte order mark. */
export async function readFile(file: string | Uint8Array, options: ReadFile = {}): Promise<FileRead> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const chunkBytes = options.chunkBytes ?? 65536;
  const rows: CsvRow[] = [];
  let shape: CsvBatch['shape'] | undefined;
  let bytesRead = 0;
  let batches = 0;
  const open = async function* () {
    for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
  };
  const { layout = linkLayout, dropDisplayOnly = false } = options;
  for await (const batch of readCsv(open, layout, { dropDisplayOnly })) {
    rows.push(...batch.rows);
    ({ shape, bytesRead } = batch);
    batches++;
  }
  return { rows, shape, bytesRead, batches };
}

/** The cells of every row. */
export async function readCells(file: string | Uint8Array, options?: ReadFile): Promise<(readonly string[])[]> {
  return (await readFile(file, options)).rows.map((row) => row.cells);
}

/** Why a file is refused. */
export async function readRefusal(
  file: string | Uint8Array,
  options?: ReadFile,
): Promise<{ reason: string; values: Readonly<Record<string, string | number>> }> {
  const error = await readFile(file, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CsvRefused)) throw new Error(`The file was not refused: ${String(error)}`);
  return { reason: error.reason, values: error.values };
}
