import { setImmediate } from 'node:timers/promises';
import type { CsvLayout } from './csv-layout.ts';
import { decodeCsv } from './decode-csv.ts';
import { type CsvEncoding, detectEncoding } from './detect-encoding.ts';
import type { Separator } from './find-separator.ts';
import { RecordFramer } from './frame-records.ts';
import type { CsvRow } from './read-row.ts';
import { openTable } from './read-table.ts';

export interface CsvShape {
  readonly encoding: CsvEncoding;
  readonly separator: Separator;
}

export interface CsvBatch {
  readonly rows: readonly CsvRow[];
  /** Bytes of the file read so far. */
  readonly bytesRead: number;
  readonly shape: CsvShape;
}

/**
 * The rows of a CSV file as people save it: UTF-8, UTF-16 or CP932; comma, semicolon or tab; any line ends. A batch
 * has 1 to 500 rows and its own turn of the event loop; memory stays within a few megabytes for any file.
 * @param open starts the file anew; it is called at most twice
 * @param options dropDisplayOnly: whether a display-only column is left out instead of refused
 * @throws CsvRefused where the whole file is unreadable; a fault of one row is in the row
 */
export async function* readCsv(
  open: () => AsyncIterable<Uint8Array>,
  layout: CsvLayout,
  options: { readonly dropDisplayOnly: boolean },
): AsyncGenerator<CsvBatch> {
  const encoding = await detectEncoding(open());
  const table = openTable(layout, options);
  const framer = new RecordFramer();
  let bytesRead = 0;
  for await (const block of decodeCsv(open(), encoding)) {
    bytesRead = block.bytesRead;
    for (const frame of framer.add(block.text)) {
      const { rows, separator } = table.read(frame);
      if (rows.length > 0) yield { rows, bytesRead, shape: { encoding, separator } };
      await setImmediate();
    }
    await setImmediate();
  }
  const rest = framer.rest();
  if (rest) {
    const { rows, separator } = table.read(rest);
    if (rows.length > 0) yield { rows, bytesRead, shape: { encoding, separator } };
  }
  table.end();
}
