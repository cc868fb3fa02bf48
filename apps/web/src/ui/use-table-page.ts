import { useCallback } from 'react';
import { type QueryParams, useQueryParams } from '../lib/query-params.ts';

/** How many rows a page may have. */
export const pageSizes = [20, 50, 100, 200] as const;
const defaultSize = 50;

/** The state of a paged table as it stands in the address: its filters as texts, its page and page size. */
export interface TablePage {
  readonly params: QueryParams;
  readonly page: number;
  readonly pageSize: number;
  /** Changes filters or the order, and goes to the first page. Each choice is a step in the history; `replace` makes it none. */
  readonly filter: (patch: QueryParams, options?: { replace?: boolean }) => void;
  /** Opens one row (`open` in the address), or closes it, on the same page. */
  readonly onOpen: (key: string | undefined) => void;
  readonly onPage: (page: number, options?: { replace?: boolean }) => void;
  readonly onPageSize: (size: number) => void;
}

export function useTablePage(): TablePage {
  const [params, change] = useQueryParams();
  const page = /^[1-9]\d{0,4}$/.test(params.page ?? '') ? Number(params.page) : 1;
  const pageSize = pageSizes.find((size) => String(size) === params.size) ?? defaultSize;
  const filter = useCallback<TablePage['filter']>(
    (patch, options) => change({ ...patch, page: undefined }, options),
    [change],
  );
  const onOpen = useCallback((key: string | undefined) => change({ open: key }, { replace: true }), [change]);
  const onPage = useCallback<TablePage['onPage']>(
    (next, options) => change({ page: next === 1 ? undefined : String(next), open: undefined }, options),
    [change],
  );
  const onPageSize = useCallback(
    (size: number) => change({ size: size === defaultSize ? undefined : String(size), page: undefined }),
    [change],
  );
  return { params, page, pageSize, filter, onOpen, onPage, onPageSize };
}
