import type { Text } from '@argus/contract/language';
import type { CsvColumn, CsvLayout } from './csv-layout.ts';
import { CsvRefused } from './csv-refused.ts';

export interface HeaderMatch {
  /** For each column of the layout its position in the file (from 0), -1 where it is absent. */
  readonly positions: readonly number[];
  /** The number of columns in the file. Blank ones at the end, which Excel adds, do not count. */
  readonly width: number;
}

const mostColumns = 1000;
const columnsOfExcel = 16_384;
const longestQuotation = 60;
const unprintable = /[\p{Cc}\p{Cf}]/gu;

/**
 * Finds the columns of a layout in a header line, in any order, ignoring letter width, case and blanks.
 * @param cells with text in at least one of them
 * @param line where the header is, from 1
 * @throws CsvRefused, which names the first kind of fault; a display-only column comes last, so that leaving it out
 * fixes the file
 */
export function matchHeader(
  cells: readonly string[],
  line: number,
  layout: CsvLayout,
  { dropDisplayOnly }: { readonly dropDisplayOnly: boolean },
): HeaderMatch {
  const headers = cells.slice(0, filledWidth(cells));
  refuseWideRecord(cells, line);
  const found = headers.map((header) => findColumn(header, layout));
  refuseForeign(headers, found, line, layout);
  const address = headers.find((header) => header.includes('@'));
  if (address !== undefined && found.every((column) => column === undefined)) {
    const required = layout.columns.filter((column) => column.required);
    throw new CsvRefused('header_is_data', { line, value: quoteText(address), ...namesOf(required) });
  }
  refuseDuplicate(
    layout.hasOthers ? headers.map((header, index) => (found[index] ? header : '')) : headers,
    found,
    line,
  );
  const missing = layout.columns.filter((column) => column.required && !found.includes(column));
  if (missing.length > 0) {
    throw new CsvRefused('header_missing', { line, found: quoteTexts(headers), ...namesOf(missing) });
  }
  const positions = layout.columns.map((column) => found.indexOf(column));
  if (layout.hasOthers) return { positions, width: headers.length };
  const blank = headers.findIndex((header) => key(header) === '');
  if (blank >= 0) throw new CsvRefused('header_blank', { line, position: blank + 1 });
  const unknown = headers.filter((_, index) => found[index] === undefined);
  if (unknown.length > 0) {
    throw new CsvRefused('header_unknown', { line, found: quoteTexts(unknown), ...namesOf(layout.columns) });
  }
  const display = found.indexOf(layout.displayOnly);
  if (display >= 0 && !dropDisplayOnly) {
    throw new CsvRefused('name_column', { line, position: display + 1, column: quoteText(headers[display] ?? '') });
  }
  return { positions, width: headers.length };
}

/** The number of cells without the blank ones at the end. */
export function filledWidth(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

/**
 * @throws CsvRefused where a record has more columns than any of our tables, or more blank ones than Excel can have
 * added
 */
export function refuseWideRecord(cells: readonly string[], line: number): void {
  const given = cells.length > columnsOfExcel ? cells.length : filledWidth(cells);
  if (given > mostColumns) throw new CsvRefused('too_many_columns', { line, given, max: mostColumns });
}

/** What a header names in the layout: a column, or the text of an ignored one. */
function findColumn(header: string, { columns, displayOnly, ignored = [] }: CsvLayout): CsvColumn | Text | undefined {
  const sought = key(header);
  if (sought === '') return undefined;
  const named = ({ ja, en }: Text) => key(ja) === sought || key(en) === sought;
  const known = displayOnly ? [...columns, displayOnly] : columns;
  return known.find((column) => named(column.header)) ?? ignored.find(named);
}

/** @throws CsvRefused for a list that another system exported, so that it can be told what to do with it */
function refuseForeign(
  headers: readonly string[],
  found: readonly (CsvColumn | Text | undefined)[],
  line: number,
  { columns, foreign }: CsvLayout,
): void {
  const required = columns.filter((column) => column.required);
  if (!foreign || required.some((column) => found.includes(column))) return;
  const { ja, en } = foreign.header;
  const column = headers.find((header) => key(header) === key(ja) || key(header) === key(en));
  if (column === undefined) return;
  throw new CsvRefused(foreign.reason, { line, column: quoteText(column), ...namesOf(required) });
}

function key(header: string): string {
  return header.normalize('NFKC').replace(/\s/g, '').toLowerCase();
}

function refuseDuplicate(
  headers: readonly string[],
  found: readonly (CsvColumn | Text | undefined)[],
  line: number,
): void {
  const seen = new Map<CsvColumn | Text | string, number>();
  headers.forEach((header, index) => {
    const name = found[index] ?? key(header);
    if (name === '') return;
    const first = seen.get(name);
    if (first !== undefined) {
      throw new CsvRefused('header_duplicate', {
        line,
        column: quoteText(header),
        first: first + 1,
        second: index + 1,
      });
    }
    seen.set(name, index);
  });
}

function namesOf(columns: readonly CsvColumn[]): { columns: string; columnsEn: string } {
  return {
    columns: columns.map(({ header }) => header.ja).join('」「'),
    columnsEn: columns.map(({ header }) => header.en).join('", "'),
  };
}

function quoteTexts(texts: readonly string[]): string {
  const some = texts.slice(0, 5).map(quoteText);
  return texts.length > some.length ? `${some.join(', ')}, … (${texts.length})` : some.join(', ');
}

/** A text of the file for a message: shortened, on one line. */
function quoteText(text: string): string {
  const short = [...text.trim()].slice(0, longestQuotation + 1);
  const cut = short.length > longestQuotation ? `${short.slice(0, longestQuotation).join('')}…` : short.join('');
  return cut.replace(unprintable, '␣');
}
