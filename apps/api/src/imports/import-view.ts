import { csvRefusals } from '@argus/contract/csv-refusals';
import type {
  CsvImportView,
  CsvRowView,
  CsvSharedFault,
  UndoReason,
} from '@argus/contract/endpoints/imports/csv-imports';
import { isErrorCode } from '@argus/contract/errors/error-catalogue';
import { fieldErrors } from '@argus/contract/errors/field-errors';
import { fillText, type Language, type Text } from '@argus/contract/language';
import { toProblem } from '../platform/problems/problem-json.ts';
import { importTables } from './import-tables.ts';
import type { ImportRow, RowFault, SharedFault } from './records/csv-import-rows.ts';
import type { CsvImport, ImportRefusal } from './records/csv-imports.ts';

/** An import as an administrator sees it. */
export function importView(
  found: CsvImport,
  context: {
    language: Language;
    viewerId: string;
    hasFile: boolean;
    rowsDone: number | undefined;
    /** Error IDs that still lead to an event. */
    standing: ReadonlySet<string>;
  },
): CsvImportView {
  const { language, viewerId, hasFile, rowsDone, standing } = context;
  const { refusal } = found;
  const errorId = refusal?.errorId !== undefined && standing.has(refusal.errorId) ? refusal.errorId : undefined;
  return {
    id: found.id,
    table: found.table,
    state: found.state,
    fileName: found.fileName,
    fileBytes: found.fileBytes,
    mode: found.mode,
    createAccounts: found.createAccounts,
    dropDisplayOnly: found.dropDisplayOnly,
    matchUsers: found.matchUsers,
    actorUsername: found.actorUsername,
    encoding: found.encoding,
    separator: found.separator,
    progress: {
      bytesRead: found.bytesRead,
      rowsRead: found.rowsRead,
      rowsDone: Math.max(found.rowsDone, rowsDone ?? 0),
      rowsTotal: found.rowsTotal,
    },
    counts: found.counts,
    problem: problemOf(found, refusal, errorId, language),
    refusal: refusal?.reason === undefined ? null : reasonOf(refusal.reason, refusal.values ?? {}, language),
    conflicts: (refusal?.conflicts ?? []).map(({ line, username, microsoftAccount, reason }) => ({
      ...{ line, username, microsoftAccount },
      // Earlier versions stored no reason.
      reason: reason ?? 'gone',
    })),
    conflictsTotal: refusal?.conflictsTotal ?? 0,
    conflictReasons: (refusal?.conflictReasons ?? []).map(({ reason, rows }) => ({
      ...{ reason, rows },
      message: undoReasonTexts[reason][language],
    })),
    planVersion: found.planVersion,
    readable: hasFile && found.actorId === viewerId && ['refused', 'ready', 'failed'].includes(found.state),
    createdAt: found.createdAt.toISOString(),
    appliedAt: found.appliedAt?.toISOString() ?? null,
    endedAt: found.endedAt?.toISOString() ?? null,
  };
}

function problemOf(
  found: CsvImport,
  refusal: ImportRefusal | null,
  errorId: string | undefined,
  language: Language,
): CsvImportView['problem'] {
  if (refusal?.code === undefined || !isErrorCode(refusal.code)) return null;
  const occurredAt = found.endedAt ?? found.createdAt;
  return toProblem({ code: refusal.code, params: {}, errorId, occurredAt }, language, true);
}

function reasonOf(
  reason: string,
  values: Readonly<Record<string, string | number>>,
  language: Language,
): CsvImportView['refusal'] {
  const text = Object.hasOwn(csvRefusals, reason) ? csvRefusals[reason as keyof typeof csvRefusals] : undefined;
  return {
    reason,
    message: text ? fillText(text[language], values) : reason,
    repair: reason === 'name_column' ? 'drop_display_only' : reason === 'microsoft_users' ? 'match_users' : null,
  };
}

const undoReasonTexts: Readonly<Record<UndoReason, Text>> = {
  in_use: {
    ja: 'この取り込みで作成した利用者は、招待リンクの発行やパスワードの設定により、既に使われています。不要な場合は「利用者」で無効にしてください。',
    en: 'The user created by this import is already in use because an invitation link was issued or a password was set. If the user is not needed, deactivate the user under Users.',
  },
  taken: {
    ja: '取り込む前のMicrosoft365アカウントは、いまは別の利用者に紐づけられています。',
    en: 'The Microsoft 365 account from before the import is now linked to another user.',
  },
  gone: {
    ja: '取り込んだ後に変更または削除されました。',
    en: 'Changed or deleted after the import.',
  },
  changed: {
    ja: '取り込んだ後に変更されました。',
    en: 'Changed after the import.',
  },
};

/** What is wrong with a cell, in words. */
export function faultText({ code, values }: RowFault, language: Language): string {
  const text = Object.hasOwn(fieldErrors, code) ? fieldErrors[code as keyof typeof fieldErrors] : undefined;
  return text ? fillText(text[language], values ?? {}) : code;
}

function matchedByOf({ after }: ImportRow): CsvRowView['matchedBy'] {
  const by = after?.matchedBy;
  return by === 'username' || by === 'mail' || by === 'displayName' ? by : null;
}

/** A row of the preview. */
export function rowView(table: CsvImport['table'], row: ImportRow, language: Language): CsvRowView {
  const { layout, cells } = importTables[table];
  const headerOf = (name: string | null) =>
    layout.columns.find((column) => column.name === name)?.header[language] ?? null;
  return {
    seq: row.seq,
    kind: row.kind,
    line: row.line,
    username: row.username,
    createsAccount: row.createsAccount,
    disconnects: row.disconnects,
    matchedBy: matchedByOf(row),
    cells: cells(row).flatMap((cell, index) => {
      const column = layout.columns[index];
      // Most files have no フリガナ.
      if (column?.required === false && !cell.from && !cell.to) return [];
      return [{ column: column?.name ?? '', header: column?.header[language] ?? '', ...cell }];
    }),
    faults: (row.faults ?? []).map((fault) => ({
      column: fault.column,
      header: headerOf(fault.column),
      code: fault.code,
      message: faultText(fault, language),
    })),
  };
}

/** A fault of several rows. */
export function sharedFaultView(
  table: CsvImport['table'],
  { fault, rows, lines }: SharedFault,
  language: Language,
): CsvSharedFault {
  const { layout } = importTables[table];
  const header = layout.columns.find(({ name }) => name === fault.column)?.header[language] ?? null;
  return { header, code: fault.code, message: faultText(fault, language), rows, lines: [...lines] };
}
