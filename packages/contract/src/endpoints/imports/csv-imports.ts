import Type, { type Static } from 'typebox';
import { problemSchema } from '../../errors/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import { greatestInteger, nullable, text, timestamp } from '../shared-schemas.ts';

export const csvTableSchema = Type.Enum(['account_links', 'users']);
export type CsvTable = Static<typeof csvTableSchema>;

/**
 * receiving → reading → refused (C1) or ready → applying → applied → undoing → undone. An interrupted import is
 * `failed`; an abandoned one is `cancelled`.
 */
export const csvImportStateSchema = Type.Enum([
  'receiving',
  'reading',
  'refused',
  'ready',
  'applying',
  'applied',
  'undoing',
  'undone',
  'failed',
  'cancelled',
]);
export type CsvImportState = Static<typeof csvImportStateSchema>;

export const csvImportModeSchema = Type.Enum(['merge', 'replace']);
export type CsvImportMode = Static<typeof csvImportModeSchema>;

export const csvRowKindSchema = Type.Enum([
  'error',
  'added',
  'changed',
  'respelled',
  'unchanged',
  'removed',
  'unmatched',
]);
export type CsvRowKind = Static<typeof csvRowKindSchema>;

/** How to read the file. Changing any of it reads the same file again. */
const readingOptions = {
  /** merge: add and update. replace: rows that the file does not name are removed (account links only). */
  mode: csvImportModeSchema,
  /** Account links only: creates unknown portal accounts, without a password. */
  createAccounts: Type.Boolean(),
  /** The repair of C1: leaves 「ユーザ名」 out. */
  dropDisplayOnly: Type.Boolean(),
};

/**
 * Account links only, with merge and without createAccounts: the file is Microsoft 365's list of users. Its lines are
 * matched with portal accounts, and only links that are certain are added.
 */
const matchUsers = Type.Boolean();

const undoReasons = ['in_use', 'taken', 'gone', 'changed'] as const;
/**
 * Why an undo leaves a row. in_use: the portal account that the import created is in use. taken: what the row had before belongs to
 * another. gone: changed or deleted. changed: linked to another account.
 */
export type UndoReason = (typeof undoReasons)[number];
const undoReason = Type.Enum(undoReasons);

export const csvImportSchema = Type.Object(
  {
    id: Type.Integer(),
    table: csvTableSchema,
    state: csvImportStateSchema,
    fileName: Type.String(),
    fileBytes: Type.Integer(),
    ...readingOptions,
    matchUsers,
    /** Salesforceアカウント of the administrator who imports. */
    actorUsername: Type.String(),
    encoding: nullable(Type.String()),
    separator: nullable(Type.String()),
    progress: Type.Object({
      /** Bytes of the file read, of fileBytes. */
      bytesRead: Type.Integer(),
      rowsRead: Type.Integer(),
      /** Rows applied or undone, of rowsTotal. */
      rowsDone: Type.Integer(),
      rowsTotal: Type.Integer(),
    }),
    /** Rows by kind, once the file has been read. */
    counts: nullable(
      Type.Object({
        error: Type.Integer(),
        added: Type.Integer(),
        changed: Type.Integer(),
        respelled: Type.Integer(),
        unchanged: Type.Integer(),
        removed: Type.Integer(),
        /** Lines of Microsoft 365's list of users that cannot be matched with certainty; nothing is done with them. */
        unmatched: Type.Integer(),
        /** Portal accounts that will be created, included in `added`. */
        accountsCreated: Type.Integer(),
        /** Authorized users who will be disconnected. */
        disconnected: Type.Integer(),
      }),
    ),
    /** Why the file was refused (C1), the import failed or its undo was refused. */
    problem: nullable(problemSchema),
    /** The reason for C1, in words. */
    refusal: nullable(
      Type.Object({
        reason: Type.String(),
        message: Type.String(),
        /** What one click fixes. */
        repair: nullable(Type.Enum(['drop_display_only', 'match_users'])),
      }),
    ),
    /** The first hundred rows that block the undo, or stayed as they were when the rest was undone. */
    conflicts: Type.Array(
      Type.Object({
        line: nullable(Type.Integer()),
        username: Type.String(),
        reason: undoReason,
        /** The Microsoft 365 account that the user is linked to now. */
        microsoftAccount: nullable(Type.String()),
      }),
    ),
    conflictsTotal: Type.Integer(),
    /** How many there are for each reason, most first. */
    conflictReasons: Type.Array(Type.Object({ reason: undoReason, rows: Type.Integer(), message: Type.String() })),
    /** Send it back with apply: exactly this plan is executed. */
    planVersion: Type.Integer(),
    /** Whether the file is still stored and whoever asks can have it read again: only the administrator who began. */
    readable: Type.Boolean(),
    createdAt: timestamp(),
    appliedAt: nullable(timestamp()),
    endedAt: nullable(timestamp()),
  },
  { $id: 'CsvImport' },
);
export type CsvImportView = Static<typeof csvImportSchema>;

export const csvRowSchema = Type.Object(
  {
    seq: Type.Integer(),
    kind: csvRowKindSchema,
    /** The line of the file where the row starts; null for a removed row. */
    line: nullable(Type.Integer()),
    username: Type.String(),
    /** The portal account will be created. */
    createsAccount: Type.Boolean(),
    /** An authorized user will be disconnected. */
    disconnects: Type.Boolean(),
    /** By what a line of Microsoft 365's list of users was matched; null for rows of other files. */
    matchedBy: nullable(Type.Enum(['username', 'mail', 'displayName'])),
    /** Each column's value before and after, in file order; null where there is none. */
    cells: Type.Array(
      Type.Object({
        column: Type.String(),
        header: Type.String(),
        from: nullable(Type.String()),
        to: nullable(Type.String()),
      }),
    ),
    /** What is wrong, in which column, and what to do. */
    faults: Type.Array(
      Type.Object({
        column: nullable(Type.String()),
        header: nullable(Type.String()),
        code: Type.String(),
        message: Type.String(),
      }),
    ),
  },
  { $id: 'CsvRow' },
);
export type CsvRowView = Static<typeof csvRowSchema>;

/** A fault that several rows have in common. */
export const csvSharedFaultSchema = Type.Object({
  header: nullable(Type.String()),
  code: Type.String(),
  message: Type.String(),
  rows: Type.Integer(),
  /** The first lines that have it. */
  lines: Type.Array(Type.Integer()),
});
export type CsvSharedFault = Static<typeof csvSharedFaultSchema>;

const tag = 'csv-imports';
const params = Type.Object({ id: Type.Integer({ minimum: 1, maximum: greatestInteger }) });

export const csvImportEndpoints = {
  'POST /api/admin/csv-imports': {
    summary: 'CSV取込: announce a file; its parts follow',
    tag,
    access: 'admin',
    body: Type.Object(
      { table: csvTableSchema, fileName: text(255), fileBytes: Type.Integer({ minimum: 0 }) },
      { additionalProperties: false },
    ),
    replies: { 201: csvImportSchema },
    errors: ['csv_file_too_large'],
    audit: 'csv_import_begun',
  },
  'PUT /api/admin/csv-imports/:id/parts/:index': {
    summary: 'One part of the file: at most 512 KiB, numbered from 0; sending it again is harmless',
    tag,
    access: 'admin',
    params: Type.Object({
      id: Type.Integer({ minimum: 1, maximum: greatestInteger }),
      index: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    }),
    consumes: 'application/octet-stream',
    replies: { 204: Type.Null() },
    errors: ['not_found', 'csv_file_too_large', 'csv_part_unexpected', 'csv_import_not_possible', 'request_too_large'],
    audit: 'csv_import_cancelled',
  },
  'POST /api/admin/csv-imports/:id/read': {
    summary: 'Read the file, and plan what it changes; also to read it anew with other options',
    tag,
    access: 'admin',
    params,
    body: Type.Object({ ...readingOptions, matchUsers: Type.Optional(matchUsers) }, { additionalProperties: false }),
    replies: { 202: csvImportSchema },
    errors: ['not_found', 'csv_part_unexpected', 'csv_import_not_possible'],
    audit: 'csv_import_failed',
  },
  'GET /api/admin/csv-imports': {
    summary: 'The latest imports of a table, newest first',
    tag,
    access: 'admin',
    query: Type.Object({ table: csvTableSchema }, { additionalProperties: false }),
    replies: { 200: Type.Object({ items: Type.Array(csvImportSchema) }) },
  },
  'GET /api/admin/csv-imports/:id': {
    summary: 'How an import stands',
    tag,
    access: 'admin',
    params,
    replies: { 200: csvImportSchema },
    errors: ['not_found'],
  },
  'GET /api/admin/csv-imports/:id/rows': {
    summary: 'The preview: rows of one kind in the order of the file',
    tag,
    access: 'admin',
    params,
    query: Type.Object(
      {
        kind: csvRowKindSchema,
        /** Only rows that disconnect an authorized user. */
        disconnects: Type.Optional(Type.Boolean()),
        /** The last seq of the previous page; 0 for the first page. */
        after: Type.Optional(Type.Integer({ minimum: 0, maximum: greatestInteger })),
        pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      },
      { additionalProperties: false },
    ),
    replies: { 200: Type.Object({ items: Type.Array(csvRowSchema), next: nullable(Type.Integer()) }) },
    errors: ['not_found'],
  },
  'GET /api/admin/csv-imports/:id/shared-faults': {
    summary: 'Faults that several rows have in common, the most frequent first, each once with its rows; at most ten',
    tag,
    access: 'admin',
    params,
    replies: { 200: Type.Object({ items: Type.Array(csvSharedFaultSchema) }) },
    errors: ['not_found'],
  },
  'GET /api/admin/csv-imports/:id/failed-rows': {
    summary: 'The rows with errors, or those that were not matched, as CSV, with their line and a column of reasons',
    tag,
    access: 'admin',
    params,
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['not_found'],
  },
  'POST /api/admin/csv-imports/:id/apply': {
    summary: 'Execute exactly the plan that was previewed, or nothing',
    tag,
    access: 'admin',
    params,
    body: Type.Object(
      {
        planVersion: Type.Integer({ minimum: 1, maximum: greatestInteger }),
        /** How many rows will be removed, as typed by the administrator; null where none will. */
        removals: nullable(Type.Integer({ minimum: 0 })),
      },
      { additionalProperties: false },
    ),
    replies: { 202: csvImportSchema },
    errors: [
      'reauthentication_needed',
      'not_found',
      'csv_import_running',
      'csv_import_outdated',
      'csv_import_has_errors',
      'csv_import_not_possible',
    ],
    audit: 'csv_import_applied',
  },
  'POST /api/admin/csv-imports/:id/undo': {
    summary: 'Restore the state before the import, row for row, or nothing',
    tag,
    access: 'admin',
    params,
    replies: { 202: csvImportSchema },
    errors: ['not_found', 'csv_import_running', 'csv_import_not_possible', 'reauthentication_needed'],
    audit: 'csv_import_undone',
  },
  'POST /api/admin/csv-imports/:id/undo-rest': {
    summary: 'Restore the rows that nobody has changed since the import; the others stay, and are named',
    tag,
    access: 'admin',
    params,
    replies: { 202: csvImportSchema },
    errors: ['not_found', 'csv_import_running', 'csv_import_not_possible', 'reauthentication_needed'],
    audit: 'csv_import_undone',
  },
  'POST /api/admin/csv-imports/:id/cancel': {
    summary: 'Give an import up before it is applied; its file is deleted',
    tag,
    access: 'admin',
    params,
    replies: { 200: csvImportSchema },
    errors: ['not_found', 'csv_import_not_possible'],
    audit: 'csv_import_cancelled',
  },
} as const satisfies Record<string, Endpoint>;
