const defaultPageSize = 50;

/** Which rows a page holds; the first page, and 50 rows, where the query names none. */
export function pageOf(query: { page?: number; pageSize?: number }): { page: number; skip: number; take: number } {
  const { page = 1, pageSize = defaultPageSize } = query;
  return { page, skip: (page - 1) * pageSize, take: pageSize };
}

/** Which page of a long table is asked for, by cursor. */
export function keysetPage(query: { after?: string; before?: string; pageSize?: number }) {
  const { after, before, pageSize = defaultPageSize } = query;
  return { after, before, pageSize };
}

/** A page of a long table in which nothing can be. */
export function emptyKeysetPage(pageSize: number) {
  return { items: [], pageSize, total: { count: 0, exact: true }, sorted: true, next: null, previous: null };
}
