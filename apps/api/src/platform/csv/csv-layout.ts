import type { CsvRefusalReason } from '@argus/contract/csv-refusals';
import type { Text } from '@argus/contract/language';

export interface CsvColumn {
  readonly name: string;
  /** The column's header. Both languages are accepted. */
  readonly header: Text;
  readonly required: boolean;
}

export interface CsvLayout {
  readonly columns: readonly CsvColumn[];
  /** 「ユーザ名」: an export includes it for readers; an import must not have it. */
  readonly displayOnly?: CsvColumn;
  /** Headers of columns that an import may have but ignores: those that Argus adds to a file of failed rows. */
  readonly ignored?: readonly Text[];
  /** Whether the file may have any other columns, which are left out. */
  readonly hasOthers?: boolean;
  /** A file that has this column and none of the required ones is another system's, and refused for this reason. */
  readonly foreign?: { readonly header: Text; readonly reason: CsvRefusalReason };
}
