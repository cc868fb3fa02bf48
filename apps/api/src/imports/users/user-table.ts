import { accountKey } from '@argus/contract/account-key';
import { activeNames, roleNames, userLayout } from '../../platform/csv/csv-tables.ts';
import type { ImportTable } from '../import-table.ts';
import {
  type CellFault,
  isFaulty,
  judgeAccountCell,
  judgeDisplayName,
  judgeReading,
  lacksCells,
} from '../judge-cells.ts';
import { applyUserPlan, undoUserPlan } from './records/apply-users.ts';
import { createUserLines, planUsers, userLineColumns } from './records/plan-users.ts';

function readName<T extends string>(cell: string, names: Readonly<Record<T, readonly string[]>>): T | undefined {
  const key = accountKey(cell);
  const found = Object.entries<readonly string[]>(names).find(([, known]) =>
    known.some((name) => accountKey(name) === key),
  );
  return found?.[0] as T | undefined;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const roleText = (value: unknown) =>
  value === 'admin' || value === 'user' ? (roleNames[value][0] ?? value) : text(value);
const activeText = (value: unknown) =>
  typeof value === 'boolean' ? (activeNames[value ? 'true' : 'false'][0] ?? null) : text(value);

/** 利用者 imported from a file. */
export const userTable: ImportTable = {
  layout: userLayout,
  lineColumns: userLineColumns,
  createLines: createUserLines,
  judge({ line, cells, faults: given }) {
    const [nameCell = '', usernameCell = '', roleCell = '', activeCell = '', readingCell = ''] = cells;
    const faults: CellFault[] = given.length === 0 ? [] : [...given];
    const displayName = judgeDisplayName(nameCell, faults);
    const reading = judgeReading(readingCell, faults);
    const username = judgeAccountCell(usernameCell, 'username', 'username_malformed', faults);
    const role = readName(roleCell, roleNames);
    if (role === undefined && !isFaulty('role', faults) && !lacksCells(faults))
      faults.push({ column: 'role', code: 'csv_role_unknown' });
    const active = readName(activeCell, activeNames);
    if (active === undefined && !isFaulty('active', faults) && !lacksCells(faults))
      faults.push({ column: 'active', code: 'csv_active_unknown' });
    const after =
      faults.length === 0
        ? {
            username: username.name,
            displayName,
            displayNameKey: accountKey(displayName),
            role,
            active: active === 'true',
            // An empty cell, or a file without the column, changes no reading.
            ...(reading === '' ? {} : { reading }),
          }
        : { username: username.name, displayName, role: roleCell.trim(), active: activeCell.trim(), reading };
    return [
      line,
      username.name,
      username.key,
      JSON.stringify(after),
      faults.length === 0 ? null : JSON.stringify(faults),
    ];
  },
  plan: ({ session, import: { id, actorId }, rowsPerStatement, writePlan, onRows }, lines, providerId) =>
    planUsers(session, lines, { importId: id, actorId, providerId, rowsPerStatement, writePlan }, onRows),
  apply: ({ session, import: { id }, rowsPerStatement, onRows, byAccountId }) =>
    applyUserPlan(session, { importId: id, rowsPerStatement, byAccountId }, onRows),
  undo: ({ session, import: { id }, rowsPerStatement, onRows, byAccountId }, rest) =>
    undoUserPlan(session, { importId: id, rowsPerStatement, byAccountId, rest }, onRows),
  cells({ kind, before, after }) {
    const old = kind === 'unchanged' ? after : before;
    return [
      { from: text(old?.displayName), to: text(after?.displayName) },
      { from: text(old?.username), to: text(after?.username) },
      { from: roleText(old?.role), to: roleText(after?.role) },
      { from: activeText(old?.active), to: activeText(after?.active) },
      { from: text(old?.reading), to: text(after?.reading) },
    ];
  },
};
