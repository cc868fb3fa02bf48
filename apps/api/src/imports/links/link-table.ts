import { linkLayout } from '../../platform/csv/csv-tables.ts';
import type { ImportTable } from '../import-table.ts';
import { type CellFault, judgeAccountCell } from '../judge-cells.ts';
import { applyLinkPlan, undoLinkPlan } from './records/apply-links.ts';
import { createLinkLines, linkLineColumns, planLinks } from './records/plan-links.ts';

/** アカウント情報 imported from a file. */
export const linkTable: ImportTable = {
  layout: linkLayout,
  lineColumns: linkLineColumns,
  createLines: createLinkLines,
  judge({ line, cells: [usernameCell = '', microsoftCell = ''], faults: given }) {
    const faults: CellFault[] = given.length === 0 ? [] : [...given];
    const username = judgeAccountCell(usernameCell, 'username', 'username_malformed', faults);
    const microsoftAccount = judgeAccountCell(microsoftCell, 'microsoftAccount', 'upn_malformed', faults);
    const json = faults.length === 0 ? null : JSON.stringify(faults);
    return [line, username.name, username.key, microsoftAccount.name, microsoftAccount.key, json];
  },
  plan: ({ session, import: { id, mode, createAccounts }, rowsPerStatement, writePlan, onRows }, lines, providerId) =>
    planLinks(
      session,
      lines,
      { importId: id, replace: mode === 'replace', createAccounts, providerId, rowsPerStatement, writePlan },
      onRows,
    ),
  apply: ({ session, import: { id, mode }, rowsPerStatement, onRows }) =>
    applyLinkPlan(session, { importId: id, replace: mode === 'replace', rowsPerStatement }, onRows),
  undo: ({ session, import: { id }, rowsPerStatement, onRows }, rest) =>
    undoLinkPlan(session, { importId: id, rowsPerStatement, rest }, onRows),
  cells({ kind, username, microsoftAccount, before }) {
    const linked = typeof before?.microsoftAccount === 'string' ? before.microsoftAccount : null;
    const isNew = kind === 'added' || kind === 'unmatched';
    return [
      { from: isNew ? null : username, to: kind === 'removed' ? null : username },
      { from: kind === 'unchanged' ? microsoftAccount : linked, to: microsoftAccount },
    ];
  },
};
