import type { CsvImport } from '../../records/csv-imports.ts';
import type { ImportTable } from './import-table.ts';
import { linkTable } from './link-table.ts';
import { userTable } from './user-table.ts';

/** What is particular to each table, by its name. */
export const importTables: Readonly<Record<CsvImport['table'], ImportTable>> = {
  account_links: linkTable,
  users: userTable,
};
