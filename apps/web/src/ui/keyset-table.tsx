import type { UseQueryResult } from '@tanstack/react-query';
import { DataTable, type TableProps } from './data-table.tsx';
import { KeysetPagination, type KeysetReply } from './pagination.tsx';
import { TableFault } from './table-fault.tsx';
import { type TablePage, useReadableCursor } from './use-table-page.ts';

/** A page of a long table: why it could not be loaded, its rows, and the way to the others. */
export function KeysetTable<Row>(
  props: Omit<TableProps<Row>, 'rows' | 'stale'> & { table: TablePage; query: UseQueryResult<KeysetReply<Row>> },
) {
  const { table, query, ...rest } = props;
  const { data, error, isPlaceholderData } = query;
  useReadableCursor(table, error);
  return (
    <>
      <TableFault query={query} />
      {data || !error ? <DataTable {...rest} rows={data?.items} stale={isPlaceholderData} /> : null}
      {data ? <KeysetPagination table={table} reply={data} /> : null}
    </>
  );
}
