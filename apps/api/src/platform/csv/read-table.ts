import { CsvError, parse } from 'csv-parse/sync';
import type { CsvLayout } from './csv-layout.ts';
import { CsvRefused } from './csv-refused.ts';
import { findSeparator, readDeclaration, type Separator } from './find-separator.ts';
import type { Frame } from './frame-records.ts';
import { filledWidth, matchHeader } from './match-header.ts';
import { type CsvRow, openRowReader, type RowReader } from './read-row.ts';
import { isMarkup } from './recognise-file.ts';

export interface Table {
  /**
   * The rows of the next records of the file.
   * @throws CsvRefused where the header or the quotes are wrong
   */
  read(frame: Frame): { readonly rows: CsvRow[]; readonly separator: Separator };
  /** @throws CsvRefused where the file had no row */
  end(): void;
}

/** Reads the text of a file, cut into records: the first record with text is the header. */
export function openTable(layout: CsvLayout, options: { readonly dropDisplayOnly: boolean }): Table {
  let separator: Separator | undefined;
  let declared: Separator | undefined;
  let isStart = true;
  let reader: RowReader | undefined;
  let headerLine: number | undefined;
  let any = false;

  const begin = (text: string): Separator => {
    if (isMarkup(text)) throw new CsvRefused('html');
    return findSeparator(text, declared);
  };

  /** The frame without the line that only says how the file is separated. */
  const declare = (frame: Frame): Frame => {
    isStart = false;
    const { length, separator: named } = readDeclaration(frame.text);
    declared = named;
    return length === 0 ? frame : { text: frame.text.slice(length), lines: frame.lines.slice(1) };
  };

  return {
    read(given) {
      const frame = isStart ? declare(given) : given;
      if (frame.lines.length === 0) return { rows: [], separator: separator ?? ',' };
      separator ??= begin(frame.text);
      let records = parseRecords(frame, separator);
      let lines = frame.lines;
      if (!reader) {
        const first = records.findIndex((record) => filledWidth(record) > 0);
        const header = records[first];
        if (!header) return { rows: [], separator };
        headerLine = lines[first] ?? 0;
        reader = openRowReader(layout, matchHeader(header, headerLine, layout, options), separator);
        records = records.slice(first + 1);
        lines = lines.slice(first + 1);
      }
      const rows = reader.read(records, lines, frame.text);
      any ||= rows.length > 0;
      return { rows, separator };
    },

    end() {
      if (headerLine === undefined) throw new CsvRefused('empty');
      if (!any) throw new CsvRefused('header_only', { line: headerLine });
    },
  };
}

/**
 * @throws CsvRefused where a quote is wrong
 */
function parseRecords({ text, lines }: Frame, separator: Separator): string[][] {
  try {
    return parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const done = typeof error.records === 'number' ? error.records : 0;
    const reason = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'quote_unclosed' : 'quote_misplaced';
    throw new CsvRefused(reason, { line: lines[done] ?? 0 });
  }
}
