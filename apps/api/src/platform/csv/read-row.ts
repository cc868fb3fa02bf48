import type { FieldErrorCode } from '@argus/contract/errors/field-errors';
import type { CsvLayout } from './csv-layout.ts';
import { filledWidth, type HeaderMatch, refuseWideRecord } from './match-header.ts';
import { restoreCell } from './neutralise-cell.ts';

export interface CsvFault {
  /** The name in the layout; null where the whole record is at fault. */
  readonly column: string | null;
  readonly code: FieldErrorCode;
  readonly values?: Record<string, string | number>;
}

export interface CsvRow {
  /** The physical line where the record starts, from 1. */
  readonly line: number;
  /**
   * In layout order, '' where absent, not trimmed. Neutralisation is undone, NUL shown as `␀`, and overlong text cut
   * to 200 characters.
   */
  readonly cells: readonly string[];
  /** What is wrong with the record's form; never with its meaning. */
  readonly faults: readonly CsvFault[];
}

const longestCell = 2000;
const shownOfLongCell = 200;
const noFaults: readonly CsvFault[] = [];

/** What the forms refuse, too: control characters and bidirectional marks. */
const control = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** Characters that require checking each cell. Few files have any, and scanning the whole text costs almost nothing. */
const remarkable = /[["'\ufffd\u202a-\u202e\u2066-\u2069\p{Cc}]--[\n]]/v;
const remarkableButTab = /[["'\ufffd\u202a-\u202e\u2066-\u2069\p{Cc}]--[\n\t]]/v;

/** Turns the records of a file into rows of a layout. */
export interface RowReader {
  /**
   * The rows of records, without the blank ones.
   * @param text what the records were parsed from
   * @param lines where each of them starts
   * @throws CsvRefused where one has too many columns
   */
  read(records: readonly (readonly string[])[], lines: readonly number[], text: string): CsvRow[];
}

export function openRowReader(layout: CsvLayout, header: HeaderMatch, separator: string): RowReader {
  const { positions, width } = header;
  const inOrder = positions.length === width && positions.every((position, index) => position === index);
  const suspect = separator === '\t' ? remarkableButTab : remarkable;

  const readCarefully = (record: readonly string[], line: number): CsvRow => {
    const faults = widthFaults(record, width);
    const cells = positions.map((position, index) => {
      const { text, fault } = readCell(record[position] ?? '');
      if (fault) faults.push({ column: layout.columns[index]?.name ?? null, ...fault });
      return text;
    });
    return { line, cells, faults };
  };

  return {
    read(records, lines, text) {
      const look = suspect.test(text);
      const rows: CsvRow[] = [];
      records.forEach((record, index) => {
        const line = lines[index] ?? 0;
        if (record.length > width) refuseWideRecord(record, line);
        if (record[0]?.trim() === '' && filledWidth(record) === 0) return;
        const simple =
          !look && inOrder && record.length === width && record.every((cell) => cell.length <= longestCell);
        rows.push(simple ? { line, cells: record, faults: noFaults } : readCarefully(record, line));
      });
      return rows;
    },
  };
}

function widthFaults(record: readonly string[], expected: number): CsvFault[] {
  if (record.length < expected) {
    return [{ column: null, code: 'csv_cells_missing', values: { expected, given: record.length } }];
  }
  const given = filledWidth(record);
  return given > expected ? [{ column: null, code: 'csv_cells_extra', values: { expected, given } }] : [];
}

function readCell(raw: string): { readonly text: string; readonly fault?: Pick<CsvFault, 'code' | 'values'> } {
  if (raw.length > longestCell) {
    return { text: readCell(cutText(raw)).text, fault: { code: 'too_long', values: { max: longestCell } } };
  }
  const text = restoreCell(raw).replaceAll('\0', '␀');
  if (raw.includes('\ufffd')) return { text, fault: { code: 'csv_undecodable' } };
  return control.test(raw.trim()) ? { text, fault: { code: 'control_characters' } } : { text };
}

/** The start of a text, cut between characters, and as a copy: a slice would keep the long text in memory. */
function cutText(text: string): string {
  const start = text.slice(0, shownOfLongCell);
  return Buffer.from(start.isWellFormed() ? start : start.slice(0, -1)).toString();
}
