import type { CsvRowView } from '@argus/contract/endpoints/imports/csv-imports';
import { useText } from '../../i18n/text-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { Icon } from '../../ui/icon.tsx';

type Cell = CsvRowView['cells'][number];

/** 行 · the columns of the file, old → new · remarks on the row. */
export function useRowColumns(rows: readonly CsvRowView[]): Column<CsvRowView>[] {
  const words = useText('csv').importing;
  const cells = columnsOf(rows);
  const faulty = rows.some(({ faults }) => faults.length > 0);
  const noted = faulty || rows.some(hasBadge);
  return [
    {
      key: 'line',
      header: words.line,
      // Wide enough for 「ファイルになし」, as only links can be removed.
      width: cells.length > 2 ? 9 : 17,
      cell: ({ line }) => (line === null ? words.notInFile : words.lineOf(line)),
    },
    ...cells.map(({ column, header }) => ({
      key: `cell ${column}`,
      header,
      cell: (row: CsvRowView) => <RowCell row={row} cell={row.cells.find((each) => each.column === column)} />,
    })),
    ...(noted
      ? [
          {
            key: 'notes',
            header: faulty ? words.faultsOf : words.notes,
            width: !faulty ? 20 : cells.length > 2 ? 30 : 38,
            cell: (row: CsvRowView) => <RowNotes row={row} />,
          },
        ]
      : []),
  ];
}

function hasBadge({ createsAccount, disconnects, matchedBy }: CsvRowView): boolean {
  return createsAccount || disconnects || matchedBy !== null;
}

/** Every column that some row has, in file order. */
function columnsOf(rows: readonly CsvRowView[]): Pick<Cell, 'column' | 'header'>[] {
  const seen = new Map<string, string>();
  for (const { column, header } of rows.flatMap(({ cells }) => cells)) {
    if (!seen.has(column)) seen.set(column, header);
  }
  return [...seen].map(([column, header]) => ({ column, header }));
}

function RowCell({ row, cell }: { row: CsvRowView; cell: Cell | undefined }) {
  const words = useText('csv').importing;
  if (!cell) return <span className="argus-quiet">–</span>;
  const { from, to, column } = cell;
  if (row.kind === 'error' || row.kind === 'unmatched') {
    const wrong = row.faults.some((fault) => fault.column === column);
    return (
      <span className={wrong ? 'argus-diff argus-diff_wrong' : 'argus-diff'}>
        {wrong ? <Icon name="utility:error" size="xx-small" tone="error" label={words.faultsOf} /> : null}
        <Value text={to ?? from} />
      </span>
    );
  }
  if (row.kind === 'removed') {
    return (
      <del className="argus-diff">
        <span className="slds-assistive-text">{words.removedValue}: </span>
        <Value text={from ?? to} />
      </del>
    );
  }
  if (from === to || row.kind === 'added' || row.kind === 'unchanged') return <Value text={to ?? from} />;
  return (
    <span className="argus-diff">
      <span className="slds-assistive-text">{words.before}: </span>
      <del>
        <Value text={from} />
      </del>{' '}
      <span aria-hidden="true">→ </span>
      <span className="slds-assistive-text">{words.after}: </span>
      <ins>
        <Value text={to} />
      </ins>
    </span>
  );
}

function Value({ text }: { text: string | null }) {
  const words = useText('csv').importing;
  if (text === null || text === '') return <span className="argus-quiet">{words.blank}</span>;
  return <DataText text={text} />;
}

function RowNotes({ row }: { row: CsvRowView }) {
  const words = useText('csv').importing;
  const { faults, createsAccount, disconnects, matchedBy } = row;
  return (
    <>
      {hasBadge(row) ? (
        <span className="argus-badges">
          {createsAccount ? <Badge>{words.createsAccount}</Badge> : null}
          {disconnects ? <Badge kind="warning">{words.disconnectsRow}</Badge> : null}
          {matchedBy ? (
            <Badge kind={matchedBy === 'username' ? 'neutral' : 'warning'}>{words.matchedBy[matchedBy]}</Badge>
          ) : null}
        </span>
      ) : null}
      {faults.length > 0 ? (
        <ul className="argus-faults">
          {faults.map(({ column, header, code, message }) => (
            <li key={`${column} ${code}`}>
              {header ? <span className="argus-strong">{words.faultIn(header)}</span> : null}
              <bdi dir="auto">{message}</bdi>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
