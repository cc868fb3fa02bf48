import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { CsvCheck, CsvEncoding } from '@argus/contract/endpoints/imports/csv-exports';
import type { FastifyReply } from 'fastify';
import { sendCsv } from '../http/send-csv.ts';
import { AppError, invalidFields } from '../problems/app-error.ts';
import { findUnencodable } from './encode-cp932.ts';
import type { ExportRows } from './export-rows.ts';
import { byteOrderMark, encodeCsv, formatCsvRow } from './write-csv.ts';

/** A table as a file. */
export interface Exported<Row> {
  /** Without date and extension. */
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: ExportRows<Row>;
  /** In header order. */
  readonly cells: (row: Row) => readonly string[];
}

const firstPage = 500;
const laterPages = 4_000;
/** How many rows one check reads, and how many characters it reports. */
const checkedRows = 20_000;
const toldCharacters = 100;

/** Today's date in a time zone, such as 2026-11-21. */
function dateIn(timeZone: string | undefined, now: Date): string {
  try {
    return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: timeZone ?? 'UTC' }).format(now);
  } catch {
    throw invalidFields([{ field: 'timeZone', code: 'choice_invalid' }]);
  }
}

/**
 * Replies with a table as a CSV file, page by page from the database. A CP932 file is checked first: characters that
 * it lacks are refused, never replaced.
 * @throws AppError csv_character_missing
 */
export async function exportCsv<Row>(
  reply: FastifyReply,
  table: Exported<Row>,
  options: {
    readonly encoding: CsvEncoding;
    readonly timeZone: string | undefined;
    readonly now: Date;
    /** Called before each page, as a slow reader decides when that is. Throws to abort the file. */
    readonly mayGoOn: () => Promise<void>;
  },
): Promise<Readable> {
  const { encoding, timeZone, now, mayGoOn } = options;
  const fileName = `${table.name}_${dateIn(timeZone, now)}.csv`;
  if (encoding === 'cp932') {
    for await (const rows of pages(table)) {
      if (rows.some((row) => findUnencodable(table.cells(row).join('')) !== undefined)) {
        throw new AppError('csv_character_missing');
      }
    }
  }
  sendCsv(reply, fileName, encoding);
  // An unencodable character added since aborts the download: half a file is better than a wrong one.
  return Readable.from(bytes(table, encoding, mayGoOn), { objectMode: false, highWaterMark: 256 * 1024 });
}

async function* bytes<Row>(
  table: Exported<Row>,
  encoding: CsvEncoding,
  mayGoOn: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let text = (encoding === 'utf-8' ? byteOrderMark : '') + formatCsvRow(table.header);
  for await (const rows of pages(table)) {
    for (const row of rows) text += formatCsvRow(table.cells(row));
    yield encodeCsv(text, encoding);
    text = '';
    await setImmediate();
    await mayGoOn();
  }
  if (text !== '') yield encodeCsv(text, encoding);
}

async function* pages<Row>({ rows }: Exported<Row>, start = ''): AsyncGenerator<readonly Row[]> {
  for (let after = start, take = firstPage; ; take = laterPages) {
    const page = await rows.page(after, take);
    if (page.length === 0) return;
    yield page;
    const last = page.at(-1);
    after = last === undefined ? after : rows.keyOf(last);
    if (page.length < take) return;
  }
}

/** Checks the next rows of a table for characters that CP932 lacks. */
export async function checkCsv<Row>(
  table: Exported<Row>,
  { after = '', checked = 0 }: { after?: string; checked?: number },
): Promise<CsvCheck> {
  const missing: CsvCheck['missing'] = [];
  let seen = 0;
  let last = after;
  let ended = true;
  const look = (row: Row): void => {
    const cells = table.cells(row);
    if (findUnencodable(cells.join('')) === undefined) return;
    cells.forEach((value, index) => {
      const character = findUnencodable(value);
      if (character === undefined) return;
      const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      // The header is line 1.
      missing.push({ row: checked + seen + 1, column: table.header[index] ?? '', character, codePoint, value });
    });
  };
  reading: for await (const rows of pages(table, after)) {
    for (const row of rows) {
      // A row is reported as a whole, so that the next call can start after it.
      if (seen >= checkedRows || missing.length + table.header.length > toldCharacters) {
        ended = false;
        break reading;
      }
      seen += 1;
      look(row);
      last = table.rows.keyOf(row);
    }
  }
  const total = Math.max(await table.rows.count(), checked + seen);
  return { checked: checked + seen, total, next: ended ? null : last, missing };
}
