import type { Text } from '@argus/contract/language';

export interface CsvColumn {
  readonly name: string;
  /** What stands in the header line. Both languages are understood. */
  readonly header: Text;
  readonly required: boolean;
}

export interface CsvLayout {
  readonly columns: readonly CsvColumn[];
  /** 「ユーザ名」: an export has it for the reader's sake, an import must not. */
  readonly displayOnly?: CsvColumn;
  /** Headers of columns that an import may have and nobody reads: those which Argus added to a file of failed rows. */
  readonly ignored?: readonly Text[];
}
