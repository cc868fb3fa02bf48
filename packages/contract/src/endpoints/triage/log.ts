import Type, { type Static } from 'typebox';
import { problemSchema } from '../../errors/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import { csvFileQuery } from '../imports/csv-exports.ts';
import { nullable, pageOf, pageQuery, timestamp } from '../shared-schemas.ts';

/** One entry of エラーログ, as an administrator sees it. */
export const errorEventSchema = Type.Object(
  {
    /** For example 7F3K-29QD. */
    errorId: Type.String(),
    code: Type.String(),
    row: nullable(Type.String()),
    occurredAt: timestamp(),
    /** Salesforceアカウント of the user who saw it, as it was then. */
    username: nullable(Type.String()),
    /** Whose error it is, whatever the name; null where nobody was signed in. */
    accountId: nullable(Type.String()),
    /** Salesforceアカウント that this account has now; null where it is gone, or none is known. */
    presentUsername: nullable(Type.String()),
    /** 認証プロバイダURL接尾辞 of the provider that failed. */
    suffix: nullable(Type.String()),
    stage: Type.String(),
    requestId: Type.String(),
    /** What the user saw, and what only administrators see. */
    problem: problemSchema,
  },
  { $id: 'ErrorEvent' },
);
export type ErrorEventView = Static<typeof errorEventSchema>;

/** One entry of 監査ログ. */
export const auditEventSchema = Type.Object(
  {
    id: Type.String(),
    action: Type.String(),
    occurredAt: timestamp(),
    actorUsername: nullable(Type.String()),
    targetKind: nullable(Type.String()),
    targetName: nullable(Type.String()),
    /** The changed fields. No value is ever a secret. */
    changes: Type.Array(
      Type.Object({ field: Type.String(), from: nullable(Type.String()), to: nullable(Type.String()) }),
    ),
    /** An address block where `count` sums up its failures; null where there were too many addresses to name. */
    address: nullable(Type.String()),
    /** How often it happened: failures of one kind within a minute share an event. */
    count: Type.Integer({ minimum: 1 }),
  },
  { $id: 'AuditEvent' },
);
export type AuditEventView = Static<typeof auditEventSchema>;

const auditFilter = {
  /** The beginning of the name of whoever did it, or of whom it concerned. */
  username: Type.Optional(Type.String({ maxLength: 320 })),
  /** The beginning of the target's name alone. */
  target: Type.Optional(Type.String({ maxLength: 320 })),
  /** Only what concerned this account, whatever names it has had. */
  accountId: Type.Optional(Type.String({ format: 'uuid' })),
  action: Type.Optional(Type.String({ maxLength: 100 })),
  from: Type.Optional(timestamp()),
  to: Type.Optional(timestamp()),
};

export const logEndpoints = {
  'GET /api/admin/audit-events': {
    summary: '監査ログ, newest first',
    tag: 'diagnosis',
    access: 'admin',
    query: Type.Object(
      {
        page: pageQuery.page,
        pageSize: pageQuery.pageSize,
        ...auditFilter,
      },
      { additionalProperties: false },
    ),
    replies: { 200: pageOf(auditEventSchema) },
  },
  'GET /api/admin/audit-events/csv': {
    summary: 'CSV出力 of 監査ログ, with the filter of the list',
    tag: 'csv-exports',
    access: 'admin',
    query: Type.Object(
      {
        ...auditFilter,
        ...csvFileQuery,
      },
      { additionalProperties: false },
    ),
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['csv_character_missing'],
    audit: 'csv_exported',
  },
} as const satisfies Record<string, Endpoint>;
