import { accountKey } from '@argus/contract/account-key';
import { microsoftUserLayout } from '../../platform/csv/csv-tables.ts';
import type { ImportTable } from '../import-table.ts';
import { type CellFault, judgeAccountCell } from '../judge-cells.ts';
import { linkTable } from './link-table.ts';
import { createUserLines, planMatches, userLineColumns } from './records/plan-matches.ts';

/** The address that mail is sent from: `SMTP:` in capitals; the others are `smtp:`. */
const primaryAddress = /SMTP:([^\s+,;]+)/u;

/**
 * Whether mail address and display name say whose account it is. Those of a guest are the guest's own choice, and a blocked account is
 * nobody's: only its UPN counts.
 */
function mayBeMatchedByMore([userType = '', accountEnabled = '', blockCredential = '']: readonly string[]): boolean {
  const is = (cell: string, word: string) => accountKey(cell) === word;
  return !is(userType, 'guest') && !is(accountEnabled, 'false') && !is(blockCredential, 'true');
}

/** アカウント情報 from Microsoft 365's list of users: only links that are certain are added. */
export const microsoftUserTable: ImportTable = {
  ...linkTable,
  layout: microsoftUserLayout,
  lineColumns: userLineColumns,
  createLines: createUserLines,
  judge({ line, cells, faults: given }) {
    const [principalName = '', displayName = '', mail = '', proxyAddresses = '', ...standing] = cells;
    // What is wrong with an address that only helps to match is no fault of the line.
    const faults: CellFault[] = given.filter(({ column }) => column === null || column === 'microsoftAccount');
    const account = judgeAccountCell(principalName, 'microsoftAccount', 'upn_malformed', faults);
    const isCertain = mayBeMatchedByMore(standing);
    const mailKey = isCertain ? accountKey(mail) || accountKey(primaryAddress.exec(proxyAddresses)?.[1] ?? '') : '';
    const nameKey = isCertain ? accountKey(displayName).replaceAll(/\s/gu, '') : '';
    const json = faults.length === 0 ? null : JSON.stringify(faults);
    return [line, account.name, account.key, mailKey || null, nameKey || null, json];
  },
  plan: ({ session, import: { id }, rowsPerStatement, onRows }, lines) =>
    planMatches(session, lines, { importId: id, rowsPerStatement }, onRows),
};
