import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { pages } from '../../pages.ts';

/** The page of each table; its imports are below it. */
export const tablePaths = {
  account_links: pages.accountLinks.path,
  users: pages.users.path,
} as const satisfies Record<CsvTable, string>;

/** The page of a new import into each table. */
export const importPages = {
  account_links: pages.newAccountLinksImport,
  users: pages.newUsersImport,
} as const satisfies Record<CsvTable, unknown>;

/** The page of one import; without an id, of a new one. */
export function importPath(table: CsvTable, id?: number): string {
  const { path } = importPages[table];
  return id === undefined ? path : `${path}/${id}`;
}
