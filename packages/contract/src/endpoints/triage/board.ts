import Type, { type Static } from 'typebox';
import { menders } from '../../errors/labels.ts';
import type { Endpoint } from '../endpoint.ts';
import { csvFileQuery } from '../imports/csv-exports.ts';
import { greatestInteger, keysetPageOf, keysetQuery, nullable, timestamp } from '../shared-schemas.ts';
import { errorEventSchema } from './log.ts';
import { stops } from './overview.ts';

export const menderSchema = Type.Enum(menders);

/** How far the board looks back. */
export const boardWindows = ['24h', '7d', '30d'] as const;
export type BoardWindow = (typeof boardWindows)[number];

/** One incident on the triage board of エラーログ: the errors of many users with one cause. */
export const errorCauseSchema = Type.Object(
  {
    id: Type.Integer(),
    code: Type.String(),
    row: nullable(Type.String()),
    /** First line of the message, plus the last one where it says more (エラー：401 …). */
    title: Type.String(),
    /** 発生条件 of the most likely cause. */
    condition: nullable(Type.String()),
    /** How many other causes the catalogue lists. */
    otherCauses: Type.Integer({ minimum: 0 }),
    place: nullable(Type.String()),
    remedy: nullable(Type.String()),
    /** Path of the screen where it is fixed. */
    mendAt: nullable(Type.String()),
    /** The owners of the fix, in the order in which they act. */
    menders: Type.Array(menderSchema),
    suffix: nullable(Type.String()),
    origin: nullable(Type.String()),
    /** Microsoft's answer, if the catalogue lacks it. */
    signature: nullable(Type.String()),
    uncatalogued: Type.Boolean(),
    /** Start of the current episode: after a day of silence another one starts. */
    sinceAt: timestamp(),
    firstAt: timestamp(),
    lastAt: timestamp(),
    /** Within the window. */
    events: Type.Integer(),
    users: Type.Integer(),
    /** How many of those users have fetched mail since their last event, through the provider that failed. */
    recoveredUsers: Type.Integer(),
    /** false: it was about an auth provider that is not in use any more, or has been deleted. */
    ofPresentProvider: Type.Boolean(),
    /** Events per bucket of the window, oldest first: 24 hours, 7 days or 30 days. */
    trend: Type.Array(Type.Integer()),
    lastErrorId: Type.String(),
  },
  { $id: 'ErrorCause' },
);
export type ErrorCauseView = Static<typeof errorCauseSchema>;

/** A user affected by an incident. */
export const affectedUserSchema = Type.Object({
  /** Salesforceアカウント at the last event. */
  username: Type.String(),
  accountId: nullable(Type.String()),
  /** Salesforceアカウント that the account has now; null where it is gone. */
  presentUsername: nullable(Type.String()),
  /** false: the account no longer exists. */
  exists: Type.Boolean(),
  events: Type.Integer(),
  firstAt: timestamp(),
  lastAt: timestamp(),
  lastSuccessAt: nullable(timestamp()),
});
export type AffectedUser = Static<typeof affectedUserSchema>;

/** An authorized user without a success for longer than 基本設定 allows. */
export const silentUserSchema = Type.Object({
  username: Type.String(),
  microsoftAccount: Type.String(),
  authorizedAt: timestamp(),
  lastSuccessAt: nullable(timestamp()),
  /** null: no error occurred; the portlet was not opened. */
  lastErrorAt: nullable(timestamp()),
  lastErrorCode: nullable(Type.String()),
});
export type SilentUser = Static<typeof silentUserSchema>;

/** A notice at the top of every page of the admin menu. */
export const noticeSchema = Type.Object({
  kind: Type.Union([
    /** Nobody can get mail, because of the settings: see `stop`. */
    Type.Literal('everybody_stopped'),
    /** The consumer secret expires in `days`. */
    Type.Literal('secret_expiring'),
    /** It expired `days` ago (0: today is its last day). */
    Type.Literal('secret_expired'),
    /** The date that was entered passed `days` ago (negative), yet mail was fetched at `lastSuccessAt`. */
    Type.Literal('secret_date_passed'),
    /** Nobody's mail could be fetched for `hours`, although `users` are authorized. */
    Type.Literal('no_success'),
    /** `users` have had no success for longer than allowed, although they tried. */
    Type.Literal('users_without_success'),
    /**
     * In the last `hours`, `failures` sign-ins of `users` accounts failed or were blocked, enough to suspect password
     * guessing.
     */
    Type.Literal('sign_in_failures'),
    /** In the last seven days an endpoint moved to another site, or another provider came into use; see `moved`. */
    Type.Literal('connection_moved'),
    /** The instance that answers cannot run jobs: authorizations are not kept alive. */
    Type.Literal('jobs_down'),
    /** The clock of the database is `seconds` ahead of the instance's (negative: behind). */
    Type.Literal('clock_differs'),
    /** The connection to the database is not encrypted and crosses a network. */
    Type.Literal('database_plain_text'),
    /** In the last day somebody opened Argus at another address than its public URL; the log says which. */
    Type.Literal('public_url_differs'),
    /** The last alerts to `channel` could not be delivered. */
    Type.Literal('alerts_fail'),
  ]),
  /** A destination of alerts. */
  channel: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  seconds: nullable(Type.Integer()),
  stop: nullable(Type.Enum(stops)),
  providerId: nullable(Type.String()),
  providerName: nullable(Type.String()),
  /** Date (2027-05-20). */
  expiresOn: nullable(Type.String()),
  days: nullable(Type.Integer()),
  hours: nullable(Type.Integer()),
  users: nullable(Type.Integer()),
  failures: nullable(Type.Integer()),
  lastSuccessAt: nullable(timestamp()),
  /**
   * Who moved which endpoint or switched to which provider, the last time, how often in these seven days, and from
   * which origin (before all of them) to which (now). A provider is given by its name and where its users sign in; ''
   * = none in use.
   */
  moved: nullable(
    Type.Object({
      action: Type.Enum([
        'auth_provider_switched',
        'authorize_endpoint_moved',
        'token_endpoint_moved',
        'mail_url_moved',
      ]),
      by: nullable(Type.String()),
      at: timestamp(),
      times: Type.Integer(),
      from: Type.String(),
      to: Type.String(),
    }),
  ),
});
export type Notice = Static<typeof noticeSchema>;

const tag = 'diagnosis';
const causeParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: greatestInteger }) });
const eventFilter = {
  /** An error ID, or any text that contains one. */
  errorId: Type.Optional(Type.String({ maxLength: 2000 })),
  username: Type.Optional(Type.String({ maxLength: 320 })),
  /** Only those of this account, whatever names it has had. */
  accountId: Type.Optional(Type.String({ format: 'uuid' })),
  code: Type.Optional(Type.String({ maxLength: 100 })),
  causeId: Type.Optional(Type.Integer({ minimum: 1, maximum: greatestInteger })),
  from: Type.Optional(timestamp()),
  to: Type.Optional(timestamp()),
};

export const boardEndpoints = {
  'GET /api/admin/error-causes': {
    summary: 'The board of エラーログ: causes within a window, by the users they met',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        window: Type.Optional(Type.Enum(boardWindows)),
        area: Type.Optional(Type.String({ maxLength: 40 })),
        mender: Type.Optional(menderSchema),
        uncatalogued: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    replies: {
      200: Type.Object({
        /** At most 100: what is open first, then what is recovered, then other providers; those with the most users first. */
        items: Type.Array(errorCauseSchema),
        /** The total number of incidents. */
        total: Type.Integer(),
        /** The whole connection. */
        overall: Type.Object({
          authorizedUsers: Type.Integer(),
          lastSuccessAt: nullable(timestamp()),
          /** Longer ago than 基本設定 allows. */
          silent: Type.Boolean(),
          silentUsers: Type.Integer(),
          noSuccessHours: Type.Integer(),
        }),
      }),
    },
  },
  'GET /api/admin/error-causes/:id': {
    summary: 'One cause of the board',
    tag,
    access: 'admin',
    params: causeParams,
    query: Type.Object({ window: Type.Optional(Type.Enum(boardWindows)) }, { additionalProperties: false }),
    replies: { 200: errorCauseSchema },
    errors: ['not_found'],
  },
  'GET /api/admin/error-causes/:id/users': {
    summary: 'Whom a cause met, the latest first',
    tag,
    access: 'admin',
    params: causeParams,
    query: Type.Object(
      { after: keysetQuery.after, before: keysetQuery.before, pageSize: keysetQuery.pageSize },
      { additionalProperties: false },
    ),
    replies: { 200: keysetPageOf(affectedUserSchema) },
    errors: ['not_found'],
  },
  'GET /api/admin/silent-users': {
    summary: 'Authorized users without a success for longer than 基本設定 allows, the longest first',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        /** true: only those who tried in vain; false: only those who did not open the portlet. */
        tried: Type.Optional(Type.Boolean()),
        after: keysetQuery.after,
        before: keysetQuery.before,
        pageSize: keysetQuery.pageSize,
      },
      { additionalProperties: false },
    ),
    replies: { 200: keysetPageOf(silentUserSchema) },
  },
  'GET /api/admin/error-events': {
    summary: 'エラーログ: by error ID, user, code, cause and time, newest first',
    tag,
    access: 'admin',
    query: Type.Object(
      { ...eventFilter, after: keysetQuery.after, before: keysetQuery.before, pageSize: keysetQuery.pageSize },
      { additionalProperties: false },
    ),
    replies: { 200: keysetPageOf(errorEventSchema) },
  },
  'GET /api/admin/error-events/csv': {
    summary: 'CSV出力 of エラーログ, with the filter of the list',
    tag: 'csv-exports',
    access: 'admin',
    query: Type.Object(
      {
        ...eventFilter,
        ...csvFileQuery,
      },
      { additionalProperties: false },
    ),
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['csv_character_missing'],
    audit: 'csv_exported',
  },
  'GET /api/admin/notices': {
    summary:
      'What needs an administrator: moved endpoints, secrets about to expire, a connection without success, failed sign-ins, faults of its operation. Reads the database only',
    tag,
    access: 'admin',
    replies: {
      200: Type.Object({
        items: Type.Array(noticeSchema),
        /** The version of Argus, such as 0.1.0. */
        version: Type.String(),
      }),
    },
  },
} as const satisfies Record<string, Endpoint>;
