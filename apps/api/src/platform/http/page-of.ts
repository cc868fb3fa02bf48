const defaultPageSize = 50;

/** Which rows a page holds; by default the first page, and 50 rows. */
export function pageOf(query: { page?: number; pageSize?: number }): { page: number; skip: number; take: number } {
  const { page = 1, pageSize = defaultPageSize } = query;
  return { page, skip: (page - 1) * pageSize, take: pageSize };
}

/** The requested page of a long table, by cursor. */
export function keysetPage(query: { after?: string; before?: string; pageSize?: number }) {
  const { after, before, pageSize = defaultPageSize } = query;
  return { after, before, pageSize };
}

/** An empty page of a long table. */
export function emptyKeysetPage(pageSize: number) {
  return { items: [], pageSize, total: { count: 0, exact: true }, next: null, previous: null };
}
