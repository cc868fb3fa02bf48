import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';

type Conflict = CsvImportView['conflicts'][number];

/** The rows that an undo leaves: each reason once, then whose rows they are. */
export function UndoConflicts({ view, title }: { view: CsvImportView; title: string }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { conflicts, conflictsTotal, conflictReasons } = view;
  if (conflicts.length === 0) return null;
  const number = (value: number) => value.toLocaleString(language);
  const columns: (Column<Conflict> | undefined)[] = [
    { key: 'username', header: words.account, width: 40, cell: ({ username }) => <DataText text={username} /> },
    {
      key: 'line',
      header: words.line,
      width: 16,
      cell: ({ line }) => (line === null ? words.notInFile : words.lineOf(line)),
    },
    conflicts.some(({ microsoftAccount }) => microsoftAccount !== null)
      ? {
          key: 'microsoftAccount',
          header: words.linkedNow,
          cell: ({ microsoftAccount }) => (microsoftAccount === null ? '' : <DataText text={microsoftAccount} />),
        }
      : undefined,
  ];
  return (
    <>
      <h3 className="argus-step__heading">{title}</h3>
      <ul className="argus-points argus-step__note">
        {conflictReasons.map(({ reason, rows, message }) => (
          <li key={reason}>
            {message} {words.rows(number(rows))}
          </li>
        ))}
      </ul>
      {conflictsTotal > conflicts.length ? (
        <p className="argus-step__note">{words.conflictsMore(number(conflictsTotal), number(conflicts.length))}</p>
      ) : null}
      <DataTable
        caption={title}
        columns={columns.filter((column) => column !== undefined)}
        rows={conflicts}
        rowKey={({ line, username }) => `${line} ${username}`}
        rowName={({ username }) => username}
        empty={null}
      />
    </>
  );
}
