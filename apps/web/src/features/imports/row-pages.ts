import type { QueryParams } from '../../lib/query-params.ts';

export const rowsPerPage = 50;
/** How many previous pages the address remembers; further back is the first page. */
const remembered = 40;

/** A page of rows in the address. A page is identified by the last row of the page before. */
export interface RowPage {
  /** The number of the page, from 1. */
  readonly page: number;
  /** The last seq of the page before; 0 for the first page. */
  readonly after: number;
  /** The `after` of the previous pages, the nearest last. */
  readonly before: readonly number[];
}

const seq = /^\d{1,10}$/;

/** @param params `page`, `after` and `before` of the address; invalid values mean the first page */
export function readRowPage({ page, after, before }: QueryParams): RowPage {
  const first: RowPage = { page: 1, after: 0, before: [] };
  if (!seq.test(page ?? '') || !seq.test(after ?? '') || Number(page) < 2) return first;
  const pages = (before ?? '').split('.');
  if (!pages.every((each) => seq.test(each))) return first;
  return { page: Number(page), after: Number(after), before: pages.map(Number) };
}

/** @returns the change of the address that shows the rows after `next` */
export function toNextPage({ page, after, before }: RowPage, next: number): QueryParams {
  return {
    page: String(page + 1),
    after: String(next),
    before: [...before, after].slice(-remembered).join('.'),
  };
}

export const toFirstPage: QueryParams = { page: undefined, after: undefined, before: undefined };

/** @returns the previous page; the first one where it is no longer known */
export function toPreviousPage({ page, before }: RowPage): QueryParams {
  const after = before.at(-1);
  if (page <= 2 || after === undefined || before.length < 2) return toFirstPage;
  return { page: String(page - 1), after: String(after), before: before.slice(0, -1).join('.') };
}
