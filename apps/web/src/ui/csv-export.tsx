import type { CsvEncoding, CsvForm } from '@argus/contract/endpoints/imports/csv-exports';
import { useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { CsvExportDialog } from './csv-export-dialog.tsx';
import { type CsvChoice, type CsvSource, isFiltered } from './csv-source.ts';
import { RowMenu } from './row-menu.tsx';

const encodings: readonly CsvEncoding[] = ['utf-8', 'cp932'];
const forms: Readonly<Record<CsvSource['table'], readonly CsvForm[]>> = {
  // First the one that can be imported again.
  account_links: ['import', 'full'],
  users: ['full'],
  error_events: ['full'],
  audit_events: ['full'],
};

/** 「CSV出力」: a menu of forms and encodings; exports the rows that the table shows. */
export function CsvExport({ source }: { source: CsvSource }) {
  const words = useText('csv').exporting;
  // What the table shows may change during an export.
  const [open, setOpen] = useState<{ source: CsvSource; choice: CsvChoice } | null>(null);
  const textOf = ({ form, encoding }: CsvChoice) =>
    words.choices[source.table === 'account_links' ? form : 'plain'][encoding];
  return (
    <>
      <RowMenu
        label={words.button}
        text={words.button}
        note={isFiltered(source) ? words.filtered : undefined}
        actions={forms[source.table]
          .flatMap((form) => encodings.map((encoding) => ({ form, encoding })))
          .map((choice) => ({
            text: textOf(choice),
            icon: 'utility:download',
            onSelect: () => setOpen({ source, choice }),
          }))}
      />
      {open ? <CsvExportDialog {...open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
