import Type, { type Static } from 'typebox';
import { roleSchema } from '../accounts.ts';
import { authorizationStateSchema } from '../connection/authorize.ts';
import type { Endpoint } from '../endpoint.ts';
import { greatestInteger, nullable } from '../shared-schemas.ts';
import { userTodoSchema } from '../users/users.ts';

export const csvEncodingSchema = Type.Union([Type.Literal('utf-8'), Type.Literal('cp932')]);
export type CsvEncoding = Static<typeof csvEncodingSchema>;

/** How an exported log is written. */
export const csvFileQuery = {
  encoding: csvEncodingSchema,
  /** IANA name, for the times in the file and the date in its name. */
  timeZone: Type.Optional(Type.String({ maxLength: 64 })),
};

/** full: with 「ユーザ名」. import: without it, importable unchanged. */
export const csvFormSchema = Type.Union([Type.Literal('full'), Type.Literal('import')]);
export type CsvForm = Static<typeof csvFormSchema>;

/** A check of some rows for characters that CP932 lacks. */
export const csvCheckSchema = Type.Object(
  {
    /** Rows checked so far, of about `total`. */
    checked: Type.Integer(),
    total: Type.Integer(),
    /** Send it back as `after`; null when every row has been checked. */
    next: nullable(Type.String()),
    /** At most one hundred per call. `row` is the value's line in the file. */
    missing: Type.Array(
      Type.Object({
        row: Type.Integer(),
        column: Type.String(),
        character: Type.String(),
        /** For example U+20BB7. */
        codePoint: Type.String(),
        value: Type.String(),
      }),
    ),
  },
  { $id: 'CsvCheck' },
);
export type CsvCheck = Static<typeof csvCheckSchema>;

const tag = 'csv-exports';
const q = Type.Optional(Type.String({ maxLength: 320 }));
const linkFilter = { form: csvFormSchema, q, state: Type.Optional(authorizationStateSchema) };
const userFilter = {
  q,
  role: Type.Optional(roleSchema),
  active: Type.Optional(Type.Boolean()),
  todo: Type.Optional(userTodoSchema),
};
const file = {
  encoding: csvEncodingSchema,
  /** IANA name, for the date in the file name. */
  timeZone: Type.Optional(Type.String({ maxLength: 64 })),
};
const progress = {
  after: Type.Optional(Type.String({ maxLength: 1000 })),
  /** Rows that earlier calls checked. */
  checked: Type.Optional(Type.Integer({ minimum: 0, maximum: greatestInteger })),
};

export const csvExportEndpoints = {
  'GET /api/admin/account-links/csv': {
    summary: 'CSV出力 of アカウント情報, with the search and the state filter of the table',
    tag,
    access: 'admin',
    query: Type.Object({ ...linkFilter, ...file }, { additionalProperties: false }),
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['csv_character_missing'],
    audit: 'csv_exported',
  },
  'GET /api/admin/account-links/csv-check': {
    summary: 'Which characters CP932 lacks, part by part',
    tag,
    access: 'admin',
    query: Type.Object({ ...linkFilter, ...progress }, { additionalProperties: false }),
    replies: { 200: csvCheckSchema },
  },
  'GET /api/admin/users/csv': {
    summary: 'CSV出力 of 利用者, with the search and the filters of the table',
    tag,
    access: 'admin',
    query: Type.Object({ ...userFilter, ...file }, { additionalProperties: false }),
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['csv_character_missing'],
    audit: 'csv_exported',
  },
  'GET /api/admin/users/csv-check': {
    summary: 'Which characters CP932 lacks, part by part',
    tag,
    access: 'admin',
    query: Type.Object({ ...userFilter, ...progress }, { additionalProperties: false }),
    replies: { 200: csvCheckSchema },
  },
} as const satisfies Record<string, Endpoint>;
