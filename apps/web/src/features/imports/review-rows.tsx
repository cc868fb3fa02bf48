import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useQuery } from '@tanstack/react-query';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { useQueryParams } from '../../lib/query-params.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { TableFault } from '../../ui/table-fault.tsx';
import { type Counts, firstKind, rowKinds } from './import-step.ts';
import { csvRowsQuery } from './queries.ts';
import { useRowColumns } from './row-columns.tsx';
import { type RowPage, readRowPage, rowsPerPage, toFirstPage, toNextPage, toPreviousPage } from './row-pages.ts';
import { SharedFaults } from './shared-faults.tsx';

/** The rows of the file by kind of change, page by page. Kind and page are in the address. */
export function ReviewRows({ view, counts }: { view: CsvImportView; counts: Counts }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const [params, change] = useQueryParams();
  const count = (value: number) => value.toLocaleString(language);
  const kind = rowKinds.find((each) => each === params.kind) ?? firstKind(counts) ?? 'unchanged';
  const disconnects = params.disconnects === '1';
  const page = readRowPage(params);
  const rows = useQuery(csvRowsQuery(view, { kind, after: page.after, disconnects }));
  const items = rows.data?.items;
  const columns = useRowColumns(items ?? []);
  return (
    <>
      <div className="argus-toolbar">
        <FilterChips
          label={words.kind}
          options={rowKinds
            .filter((each) => counts[each] > 0 || each === kind)
            .map((each) => ({ value: each, label: words.kindOf(words.kinds[each], count(counts[each])) }))}
          value={kind}
          onChange={(next) => change({ ...toFirstPage, kind: next })}
        />
      </div>
      {kind === 'error' ? <SharedFaults view={view} /> : null}
      <TableFault query={rows} />
      {items || !rows.error ? (
        <DataTable
          caption={words.rowsCaption(words.kinds[kind])}
          wide={columns.length > 4}
          columns={columns}
          rows={items}
          rowKey={({ seq }) => String(seq)}
          rowName={({ username }) => username}
          stale={rows.isPlaceholderData}
          empty={
            <EmptyState
              icon="utility:search"
              title={disconnects ? words.noRowsDisconnects : words.noRows}
              action={
                disconnects ? (
                  <Button onClick={() => change({ ...toFirstPage, disconnects: undefined })}>
                    {words.disconnectsAll}
                  </Button>
                ) : null
              }
            />
          }
        />
      ) : null}
      {items && items.length > 0 ? (
        <RowPager
          page={page}
          shown={items.length}
          total={disconnects ? undefined : counts[kind]}
          next={rows.isPlaceholderData ? null : (rows.data?.next ?? null)}
        />
      ) : null}
    </>
  );
}

/** Which rows are shown, and buttons for the next and previous ones. */
function RowPager(props: { page: RowPage; shown: number; total: number | undefined; next: number | null }) {
  const { page, shown, total, next } = props;
  const words = useText('csv').importing;
  const controls = useText('controls');
  const language = useLanguage();
  const [, change] = useQueryParams();
  const number = (value: number) => value.toLocaleString(language);
  const from = (page.page - 1) * rowsPerPage + 1;
  const to = from + shown - 1;
  return (
    <nav className="argus-pagination" aria-label={controls.pages}>
      <p className="argus-pagination__range" role="status">
        {total === undefined
          ? words.range(number(from), number(to))
          : controls.range(number(from), number(to), controls.total(number(total), true))}
      </p>
      {page.page > 1 || next !== null ? (
        <span className="argus-pagination__pages">
          {page.page > 2 ? <Button onClick={() => change(toFirstPage)}>{controls.first}</Button> : null}
          <IconButton
            variant="border"
            icon="utility:chevronleft"
            label={controls.previous}
            disabled={page.page <= 1}
            onClick={() => change(toPreviousPage(page))}
          />
          <IconButton
            variant="border"
            icon="utility:chevronright"
            label={controls.next}
            disabled={next === null}
            onClick={() => {
              if (next !== null) change(toNextPage(page, next));
            }}
          />
        </span>
      ) : null}
    </nav>
  );
}
