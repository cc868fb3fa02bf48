import type { ImportTable } from './import-table.ts';
import { linkTable } from './links/link-table.ts';
import { microsoftUserTable } from './links/microsoft-user-table.ts';
import type { CsvImport } from './records/csv-imports.ts';
import { userTable } from './users/user-table.ts';

export const importTables: Readonly<Record<CsvImport['table'], ImportTable>> = {
  account_links: linkTable,
  users: userTable,
};

/** How an import's file is read and planned. */
export function tableOf({ table, matchUsers }: Pick<CsvImport, 'table' | 'matchUsers'>): ImportTable {
  return matchUsers ? microsoftUserTable : importTables[table];
}
