import type { CsvRefusalReason } from '@argus/contract/csv-refusals';

export type CsvValues = Readonly<Record<string, string | number>>;

/** The whole file is unreadable: row C1, with the reason. */
export class CsvRefused extends Error {
  readonly reason: CsvRefusalReason;
  readonly values: CsvValues;

  constructor(reason: CsvRefusalReason, values: CsvValues = {}) {
    super(`CSV refused: ${reason}`);
    this.name = 'CsvRefused';
    this.reason = reason;
    this.values = values;
  }
}
