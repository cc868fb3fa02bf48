import { accountKey } from '@argus/contract/account-key';
import { activeNames, microsoftUserLayout } from '../../platform/csv/csv-tables.ts';
import type { ImportTable } from '../import-table.ts';
import { type CellFault, judgeAccountCell } from '../judge-cells.ts';
import { linkTable } from './link-table.ts';
import { namesakeKey } from './namesake-key.ts';
import { createUserLines, planMatches, userLineColumns } from './records/plan-matches.ts';

/** The address that mail is sent from: `SMTP:` in capitals; the others are `smtp:`. */
const primaryAddress = /SMTP:([^\s+,;]+)/u;

/** 種類 of somebody who belongs to the company. */
const memberNames: readonly string[] = ['member', 'メンバー'];

/**
 * Whether mail address and display name say whose account it is. Those of a guest are the guest's own choice, and a blocked or deleted
 * account is nobody's: only its UPN counts. A word that Argus does not know does not prove the contrary.
 */
function mayBeMatchedByMore(upnKey: string | null, standing: readonly string[]): boolean {
  const [userType = '', accountEnabled = '', blockCredential = '', softDeletion = ''] = standing;
  const isOneOf = (cell: string, names: readonly string[]) =>
    cell.trim() === '' || names.some((name) => accountKey(name) === accountKey(cell));
  return (
    !upnKey?.includes('#ext#') &&
    isOneOf(userType, memberNames) &&
    isOneOf(accountEnabled, activeNames.true) &&
    isOneOf(blockCredential, activeNames.false) &&
    isOneOf(softDeletion, [])
  );
}

/** アカウント情報 from Microsoft 365's list of users: only links that are certain are added. */
export const microsoftUserTable: ImportTable = {
  ...linkTable,
  layout: microsoftUserLayout,
  lineColumns: userLineColumns,
  createLines: createUserLines,
  judge({ line, cells, faults: given }) {
    const [principalName = '', displayName = '', mail = '', proxyAddresses = '', ...standing] = cells;
    // A fault of an address that only helps to match is not a fault of the line.
    const faults: CellFault[] = given.filter(({ column }) => column === null || column === 'microsoftAccount');
    const account = judgeAccountCell(principalName, 'microsoftAccount', 'upn_malformed', faults);
    const isCertain = mayBeMatchedByMore(account.key, standing);
    const mailKey = isCertain ? accountKey(mail) || accountKey(primaryAddress.exec(proxyAddresses)?.[1] ?? '') : '';
    const nameKey = isCertain ? namesakeKey(displayName) : '';
    const json = faults.length === 0 ? null : JSON.stringify(faults);
    return [line, account.name, account.key, mailKey || null, nameKey || null, json];
  },
  plan: ({ session, import: { id }, rowsPerStatement, writePlan, onRows }, lines) =>
    planMatches(session, lines, { importId: id, rowsPerStatement, writePlan }, onRows),
};
