import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';

/** The page of each table; its imports lie below it. */
export const tablePaths = {
  account_links: '/admin/account-links',
  users: '/admin/users',
} as const satisfies Record<CsvTable, string>;

/** The page of one import; of a new one without an id. */
export function importPath(table: CsvTable, id?: number): string {
  const path = `${tablePaths[table]}/import`;
  return id === undefined ? path : `${path}/${id}`;
}
