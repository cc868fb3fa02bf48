import { useCallback, useEffect, useMemo } from 'react';
import { ProblemError } from '../lib/api-client.ts';
import { type QueryParams, useQueryParams } from '../lib/query-params.ts';

/** The page sizes to choose from. */
export const pageSizes = [20, 50, 100, 200] as const;
const defaultSize = 50;

/** Where a page of a table without page numbers starts or ends; neither: the first page. */
interface Cursor {
  readonly after?: string;
  readonly before?: string;
}

/** The state of a paged table in the address: its filters as texts, its page and page size. */
export interface TablePage {
  readonly params: QueryParams;
  readonly page: number;
  /** The number of a cursor's page, only for display; undefined where the address does not have it. */
  readonly hintedPage: number | undefined;
  readonly cursor: Cursor;
  readonly pageSize: number;
  /**
   * Changes filters or the order, and goes to the first page. Each choice adds a history entry, unless `replace` is
   * set.
   */
  readonly filter: (patch: QueryParams, options?: { replace?: boolean }) => void;
  /** Opens one row (`open` in the address), or closes it, on the same page. */
  readonly onOpen: (key: string | undefined) => void;
  readonly onPage: (page: number, options?: { replace?: boolean }) => void;
  readonly onCursor: (cursor: Cursor, page: number | undefined) => void;
  readonly onPageSize: (size: number) => void;
}

const firstPage = { page: undefined, after: undefined, before: undefined };

/** A table's own names in the address. */
const ownNames = ['page', 'after', 'before', 'size', 'open'] as const;
const nameIn = (prefix: string, name: string) => (prefix === '' ? name : `${prefix}-${name}`);

/**
 * @param options `prefix`: for the names in the address, if a page has several tables; `size`: the initial page size
 */
export function useTablePage(options: { prefix?: string; size?: (typeof pageSizes)[number] } = {}): TablePage {
  const { prefix = '', size: firstSize = defaultSize } = options;
  const [all, changeAll] = useQueryParams();
  const params = useMemo(
    () => ({ ...all, ...Object.fromEntries(ownNames.map((name) => [name, all[nameIn(prefix, name)]])) }),
    [all, prefix],
  );
  const change = useCallback<typeof changeAll>(
    (patch, how) => {
      const isOwn = (name: string) => (ownNames as readonly string[]).includes(name);
      const named = Object.entries(patch).map(([name, value]) => [isOwn(name) ? nameIn(prefix, name) : name, value]);
      changeAll(Object.fromEntries(named), how);
    },
    [changeAll, prefix],
  );
  const hintedPage = /^[1-9]\d{0,5}$/.test(params.page ?? '') ? Number(params.page) : undefined;
  const page = Math.min(hintedPage ?? 1, 99_999);
  const { after, before } = params;
  const cursor = before ? { before } : after ? { after } : {};
  const pageSize = pageSizes.find((size) => String(size) === params.size) ?? firstSize;
  const filter = useCallback<TablePage['filter']>(
    (patch, options) => change({ ...firstPage, ...patch }, options),
    [change],
  );
  const onOpen = useCallback((key: string | undefined) => change({ open: key }, { replace: true }), [change]);
  const onPage = useCallback<TablePage['onPage']>(
    (next, options) => change({ ...firstPage, page: next === 1 ? undefined : String(next), open: undefined }, options),
    [change],
  );
  const onCursor = useCallback<TablePage['onCursor']>(
    (next, number) =>
      change({ ...firstPage, ...next, page: number === undefined ? undefined : String(number), open: undefined }),
    [change],
  );
  const onPageSize = useCallback(
    (size: number) => change({ ...firstPage, size: size === firstSize ? undefined : String(size) }),
    [change, firstSize],
  );
  return { params, page, hintedPage, cursor, pageSize, filter, onOpen, onPage, onCursor, onPageSize };
}

/** Goes to the first page if the server rejects the cursor: of an edited address, or a bookmark of an older version. */
export function useReadableCursor({ onPage }: TablePage, error: Error | null): void {
  const unreadable =
    error instanceof ProblemError &&
    error.problem.fields?.some(({ field }) => field === 'after' || field === 'before') === true;
  useEffect(() => {
    if (unreadable) onPage(1, { replace: true });
  }, [unreadable, onPage]);
}
