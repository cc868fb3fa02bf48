import { type ReactNode, useEffect, useRef } from 'react';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { Button, IconButton } from './button.tsx';
import { pageSizes, type TablePage } from './use-table-page.ts';

/**
 * Which rows of how many are shown, and buttons for the others. Returns to the last page when there are fewer than
 * before.
 */
export function Pagination({ table, total, stale }: { table: TablePage; total: number; stale: boolean }) {
  const { page, pageSize, onPage } = table;
  const words = useText('controls');
  const number = useNumber();
  const pages = Math.max(1, Math.ceil(total / pageSize));
  useEffect(() => {
    // While another page is loading, the total still belongs to the last one.
    if (!stale && page > pages) onPage(pages, { replace: true });
  }, [page, pages, stale, onPage]);
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  return (
    <PaginationBar
      table={table}
      range={total === 0 ? words.noneOf : words.range(number(from), number(to), words.total(number(total), true))}
      position={words.page(number(Math.min(page, pages)), number(pages))}
      many={total > Math.min(...pageSizes)}
      onFirst={page > 1 ? () => onPage(1) : undefined}
      onPrevious={page > 1 ? () => onPage(page - 1) : undefined}
      onNext={page < pages ? () => onPage(page + 1) : undefined}
    />
  );
}

/** What a page of a table without page numbers says of itself. */
export interface KeysetReply<Row = unknown> {
  readonly items: readonly Row[];
  readonly total: { readonly count: number; readonly exact: boolean };
  readonly next: string | null;
  readonly previous: string | null;
}

/** The same for a table too long for page numbers: by cursors, with the page number where it is known. */
export function KeysetPagination({ table, reply }: { table: TablePage; reply: KeysetReply }) {
  const { pageSize, onPage, onCursor } = table;
  const words = useText('controls');
  const number = useNumber();
  const { items, total, next, previous } = reply;
  // The address may name any page; only the first page is certain.
  const page = previous === null ? 1 : table.hintedPage;
  const from = page === undefined ? undefined : (page - 1) * pageSize + 1;
  const to = from === undefined ? undefined : from + items.length - 1;
  const counted = words.total(number(total.count), total.exact);
  const possible = to !== undefined && (!total.exact || (to <= total.count && (next !== null || to === total.count)));
  const pages = total.exact ? Math.ceil(total.count / pageSize) : undefined;
  const step = (by: number) => (page === undefined ? undefined : page + by);
  return (
    <PaginationBar
      table={table}
      range={
        total.exact && total.count === 0
          ? words.noneOf
          : from !== undefined && possible
            ? words.range(number(from), number(to), counted)
            : counted
      }
      position={
        page === undefined || !possible
          ? undefined
          : pages === undefined
            ? words.pageOnly(number(page))
            : words.page(number(page), number(pages))
      }
      many={next !== null || previous !== null || total.count > Math.min(...pageSizes)}
      onFirst={previous === null ? undefined : () => onPage(1)}
      onPrevious={previous === null ? undefined : () => onCursor({ before: previous }, step(-1))}
      onNext={next === null ? undefined : () => onCursor({ after: next }, step(1))}
    />
  );
}

function useNumber() {
  const language = useLanguage();
  return (value: number) => value.toLocaleString(language);
}

interface BarProps {
  readonly table: TablePage;
  readonly range: string;
  readonly position: string | undefined;
  /** Whether there are more rows than the smallest page holds. */
  readonly many: boolean;
  /** undefined where there is no such page. */
  readonly onFirst: (() => void) | undefined;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

function PaginationBar({ table, range, position, many, onFirst, onPrevious, onNext }: BarProps): ReactNode {
  const words = useText('controls');
  const bar = useRef<HTMLElement>(null);
  const turn = (go: (() => void) | undefined) =>
    go &&
    (() => {
      go();
      // The next page is read from its start.
      const list = bar.current?.parentElement;
      if (list && list.getBoundingClientRect().top < 0) list.scrollIntoView();
    });
  return (
    <nav ref={bar} className="argus-pagination" aria-label={words.pages}>
      <p className="argus-pagination__range" role="status">
        {range}
      </p>
      {many ? (
        <>
          <label className="argus-pagination__size">
            <span className="slds-assistive-text">{words.pageSize}</span>
            <select
              className="slds-select"
              value={table.pageSize}
              onChange={(event) => table.onPageSize(Number(event.target.value))}
            >
              {pageSizes.map((size) => (
                <option key={size} value={size}>
                  {words.perPage(size)}
                </option>
              ))}
            </select>
          </label>
          <span className="argus-pagination__pages">
            <Button disabled={!onFirst} onClick={turn(onFirst)}>
              {words.first}
            </Button>
            <IconButton
              variant="border"
              icon="utility:chevronleft"
              label={words.previous}
              disabled={!onPrevious}
              onClick={turn(onPrevious)}
            />
            {position === undefined ? null : <span>{position}</span>}
            <IconButton
              variant="border"
              icon="utility:chevronright"
              label={words.next}
              disabled={!onNext}
              onClick={turn(onNext)}
            />
          </span>
        </>
      ) : null}
    </nav>
  );
}
