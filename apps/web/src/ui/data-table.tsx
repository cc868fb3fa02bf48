import { Fragment, type ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Icon } from './icon.tsx';
import '../styles/admin-sheet.css';
import '../styles/admin-tables.css';
import '../styles/table-choice.css';
import '../styles/table-head.css';
import { type RowAction, RowMenu } from './row-menu.tsx';
import type { Selection } from './selection.ts';
import { Skeleton, SkeletonBar } from './skeleton.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The server's name for sorting by it; without one the column cannot be sorted. */
  readonly sort?: string;
  /** Width in percent of the table. */
  readonly width?: number;
}

/** What a row holds besides its cells, opened below it; one row at a time. */
interface RowDetail<Row> {
  /** What the button says besides the row's name. */
  readonly label: string;
  /** The key of the row that is open. */
  readonly opened: string | undefined;
  readonly onOpen: (key: string | undefined) => void;
  readonly render: (row: Row) => ReactNode;
}

export interface Sort {
  readonly by: string;
  readonly order: 'asc' | 'desc';
}

export interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** undefined while they load for the first time. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly actions?: (row: Row) => readonly RowAction[];
  readonly detail?: RowDetail<Row>;
  /** Rows can be chosen for an action on several at once. */
  readonly selection?: Selection<Row>;
  readonly selectable?: (row: Row) => boolean;
  /** With many columns: the rows turn into cards earlier. */
  readonly wide?: boolean;
  /** Other rows are on their way; these are the last ones. */
  readonly stale?: boolean;
  readonly empty: ReactNode;
}

/**
 * A table of rows chosen by the server. Where it is narrow, each row becomes a card: its first column is the title,
 * the others are below it with their names. The first column's cells are the row headers.
 */
export function DataTable<Row>(props: TableProps<Row>) {
  const {
    caption,
    columns,
    rows,
    rowKey,
    rowName,
    sort,
    onSort,
    actions,
    detail,
    selection,
    selectable = () => true,
    wide = false,
    stale = false,
    empty,
  } = props;
  const words = useText('controls');
  const choosable = selection ? rows?.filter(selectable).map(rowKey) : undefined;
  if (rows === undefined) return <TableSkeleton columns={columns.length} />;
  if (rows.length === 0) return <div className="argus-table-empty">{empty}</div>;
  return (
    <div className={wide ? 'argus-table-box argus-table-box_wide' : 'argus-table-box'} aria-busy={stale}>
      {sort && onSort ? <SortSelect columns={columns} sort={sort} onSort={onSort} /> : null}
      <table
        className="slds-table slds-table_cell-buffer slds-table_bordered argus-table"
        data-stale={stale || undefined}
      >
        <caption className="slds-assistive-text">{caption}</caption>
        <thead>
          <tr>
            {selection ? (
              <th scope="col" className="argus-table__choice">
                <SelectAll keys={choosable ?? []} selection={selection} />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} {...(sort && onSort ? { sort, onSort } : {})} />
            ))}
            {actions ? (
              <th scope="col" className="argus-table__actions">
                <span className="slds-assistive-text">{words.actions}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={rowKey(row)}>
              <tr
                data-open={detail?.opened === rowKey(row) || undefined}
                data-chosen={selection?.has(rowKey(row)) || undefined}
              >
                {selection ? (
                  <td className="argus-table__choice">
                    <input
                      type="checkbox"
                      aria-label={words.choose(rowName(row))}
                      checked={selection.has(rowKey(row)) && selectable(row)}
                      disabled={!selectable(row)}
                      onChange={(event) => selection.toggle([rowKey(row)], event.target.checked)}
                    />
                  </td>
                ) : null}
                {columns.map((column, index) =>
                  index === 0 ? (
                    <th key={column.key} scope="row" className="argus-table__title">
                      {detail ? (
                        <DetailButton detail={detail} rowKey={rowKey(row)} name={rowName(row)}>
                          {column.cell(row)}
                        </DetailButton>
                      ) : (
                        column.cell(row)
                      )}
                    </th>
                  ) : (
                    <td key={column.key} data-label={column.header}>
                      <div className="argus-table__value">{column.cell(row)}</div>
                    </td>
                  ),
                )}
                {actions ? (
                  <td className="argus-table__actions">
                    <RowMenu label={words.actionsOf(rowName(row))} actions={actions(row)} />
                  </td>
                ) : null}
              </tr>
              {detail?.opened === rowKey(row) ? (
                <tr className="argus-table__detail" id={`detail-${rowKey(row)}`}>
                  <td colSpan={columns.length + (actions ? 1 : 0) + (selection ? 1 : 0)}>{detail.render(row)}</td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Chooses every row of the page, or none. */
function SelectAll<Row>({ keys, selection }: { keys: readonly string[]; selection: Selection<Row> }) {
  const { chooseAll } = useText('controls');
  const chosen = keys.filter(selection.has).length;
  return (
    <input
      type="checkbox"
      aria-label={chooseAll}
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && chosen < keys.length;
      }}
      checked={chosen > 0 && chosen === keys.length}
      disabled={keys.length === 0}
      onChange={(event) => selection.toggle(keys, event.target.checked)}
    />
  );
}

function DetailButton<Row>(props: { detail: RowDetail<Row>; rowKey: string; name: string; children: ReactNode }) {
  const { detail, rowKey, name, children } = props;
  const open = detail.opened === rowKey;
  return (
    <button
      type="button"
      className="argus-table__open"
      aria-expanded={open}
      aria-controls={open ? `detail-${rowKey}` : undefined}
      aria-label={`${name} ${detail.label}`}
      onClick={() => detail.onOpen(open ? undefined : rowKey)}
    >
      <Icon name={open ? 'utility:chevrondown' : 'utility:chevronright'} size="xx-small" tone="current" />
      {children}
    </button>
  );
}

function HeaderCell<Row>(props: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const { column, sort, onSort } = props;
  const words = useText('controls');
  const width = column.width === undefined ? {} : { style: { inlineSize: `${column.width}%` } };
  if (column.sort === undefined || !sort || !onSort) {
    return (
      <th scope="col" {...width}>
        <span className="argus-table__header">{column.header}</span>
      </th>
    );
  }
  const by = column.sort;
  const active = sort.by === by;
  const next: Sort = { by, order: active && sort.order === 'asc' ? 'desc' : 'asc' };
  return (
    <th scope="col" {...width} aria-sort={active ? (sort.order === 'asc' ? 'ascending' : 'descending') : 'none'}>
      <button
        type="button"
        className="argus-table__sort"
        title={words.sortBy(column.header)}
        onClick={() => onSort(next)}
      >
        <span className="argus-table__header">{column.header}</span>
        <span className="argus-table__sort-sign" data-active={active || undefined}>
          <Icon
            name={active && sort.order === 'desc' ? 'utility:arrowdown' : 'utility:arrowup'}
            size="xx-small"
            tone="current"
          />
        </span>
      </button>
    </th>
  );
}

/** Sorting for the card layout, which hides the table's header. */
function SortSelect<Row>(props: { columns: readonly Column<Row>[]; sort: Sort; onSort: (sort: Sort) => void }) {
  const { columns, sort, onSort } = props;
  const words = useText('controls');
  return (
    <label className="argus-table-sort">
      <span>{words.sortOrder}</span>
      <select
        className="slds-select"
        value={`${sort.by} ${sort.order}`}
        onChange={(event) => {
          const [by = '', order] = event.target.value.split(' ');
          onSort({ by, order: order === 'desc' ? 'desc' : 'asc' });
        }}
      >
        {columns.flatMap((column) =>
          column.sort === undefined
            ? []
            : (['asc', 'desc'] as const).map((order) => (
                <option key={`${column.key} ${order}`} value={`${column.sort} ${order}`}>
                  {words.sortOption(column.header, order)}
                </option>
              )),
        )}
      </select>
    </label>
  );
}

/** The shape of a table. */
export function TableSkeleton({ columns }: { columns: number }) {
  return (
    <Skeleton>
      <div className="argus-table-skeleton">
        {Array.from({ length: 6 }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are alike and never change places
          <div key={row} className="argus-table-skeleton__row">
            {Array.from({ length: columns }, (_, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <SkeletonBar key={column} width={[80, 60, 70, 45][(row + column) % 4] ?? 60} />
            ))}
          </div>
        ))}
      </div>
    </Skeleton>
  );
}
