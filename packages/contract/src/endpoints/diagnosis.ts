import Type, { type Static } from 'typebox';
import { problemSchema } from '../errors/problem.ts';
import { authProviderBody, newAuthProviderBody, settingsBody } from './connection/setup.ts';
import type { Endpoint } from './endpoint.ts';
import { idParams, nullable, timestamp } from './shared-schemas.ts';

/** The steps of 接続診断, in order. */
export const doctorStepIds = [
  'suffix',
  'provider',
  'authorize_url',
  'token_site',
  'mail_site',
  'token_dns',
  'token_tls',
  'mail_dns',
  'mail_tls',
  'token_endpoint',
  'client_secret',
  'link',
  'grant',
  'refresh',
  'identity',
  'account_match',
  'mailbox',
  'messages',
] as const;
export type DoctorStepId = (typeof doctorStepIds)[number];
const stepId = Type.Enum(doctorStepIds);

/** not_reached: a step that it needs did not succeed. cannot_check: nothing could prove it, because of `reason`. */
export const doctorStepStates = ['waiting', 'running', 'ok', 'failed', 'cannot_check', 'not_reached'] as const;
export type DoctorStepState = (typeof doctorStepStates)[number];
const stepState = Type.Enum(doctorStepStates);

/** Why a step cannot be checked. */
export const doctorReasons = [
  /** No user was chosen. */
  'no_user',
  /** The user has no authorization, or it has ended: there is no token to try. */
  'no_grant',
  'suspended',
  /** Account, link, authorization or settings changed while the run went on. */
  'changed_meanwhile',
  /** A shared tenant (/common, /organizations, /consumers): client credentials need a specific tenant. */
  'shared_tenant',
  /** The reply reveals nothing about it. */
  'reply_inconclusive',
  /** A plain http URL has no certificate. */
  'plain_http',
  /** The outbound proxy, which has opened the connection, resolves the name. */
  'outbound_proxy',
  /** The mail URL does not list a folder's messages, so there is no folder to query. */
  'no_folder',
  /** The mail URL is not a Microsoft Graph URL, so there is no /me to query. */
  'no_graph',
  /** The time budget was already used up. */
  'out_of_time',
] as const;
export type DoctorReason = (typeof doctorReasons)[number];

/** What a step found, as a displayable name and value. Never a token, code, secret or any part of a mail. */
export const doctorFactNames = [
  'suffix',
  'provider',
  'authorizeUrl',
  'origin',
  'siteName',
  'address',
  'proxy',
  'validUntil',
  'certificateIssuer',
  'status',
  'evidence',
  'tokenExpiresAt',
  'linkedAccount',
  'authorizedAccount',
  'authorizedAt',
  'tenantId',
  'objectId',
  'messageCount',
  'requestId',
  'clientRequestId',
  'traceId',
  'correlationId',
] as const;
export type DoctorFactName = (typeof doctorFactNames)[number];

export const doctorStepSchema = Type.Object({
  id: stepId,
  state: stepState,
  /** Milliseconds from call to result; null where nothing was called. */
  latencyMs: nullable(Type.Integer()),
  reason: nullable(Type.Enum(doctorReasons)),
  facts: Type.Array(Type.Object({ name: Type.Enum(doctorFactNames), value: Type.String() })),
  /** Of a failed step: the error with cause, place and remedy. */
  problem: Type.Optional(problemSchema),
});
export type DoctorStep = Static<typeof doctorStepSchema>;

const runState = Type.Union([Type.Literal('running'), Type.Literal('ended'), Type.Literal('interrupted')]);

/** One run of 接続診断. */
export const doctorRunSchema = Type.Object(
  {
    id: Type.String(),
    state: runState,
    /** Whose connection was diagnosed, as named then; null: only the configuration. */
    username: nullable(Type.String()),
    accountId: nullable(Type.String()),
    /** Salesforceアカウント that the account has now. */
    presentUsername: nullable(Type.String()),
    /** Salesforceアカウント of the administrator who started it. */
    startedBy: Type.String(),
    startedAt: timestamp(),
    endedAt: nullable(timestamp()),
    steps: Type.Array(doctorStepSchema),
    /** The first step that failed. */
    firstFailure: nullable(stepId),
  },
  { $id: 'DoctorRun' },
);
export type DoctorRunView = Static<typeof doctorRunSchema>;

/** 保存前に確認: what 接続診断 without a user would find if a form were saved as it is. Nothing is stored. */
export const trialSchema = Type.Object(
  {
    triedAt: timestamp(),
    steps: Type.Array(doctorStepSchema),
    /** The first step that failed. */
    firstFailure: nullable(stepId),
  },
  { $id: 'Trial' },
);
export type TrialView = Static<typeof trialSchema>;

const selfCheckStates = ['waiting', 'running', 'ok', 'failed', 'cannot_check', 'not_reached'] as const;

/**
 * 接続診断 of one's own connection, reduced: without causes, places, addresses and ids that only concern administrators.
 */
export const selfCheckSchema = Type.Object(
  {
    id: Type.String(),
    state: runState,
    startedAt: timestamp(),
    endedAt: nullable(timestamp()),
    steps: Type.Array(Type.Object({ id: stepId, state: Type.Enum(selfCheckStates) })),
    /** What the first failure means for the user; with an error ID if it is a fault. */
    problem: Type.Optional(problemSchema),
    /** For the help desk, once the check has ended. */
    helpDeskText: nullable(Type.String()),
  },
  { $id: 'SelfCheck' },
);
export type SelfCheckView = Static<typeof selfCheckSchema>;

const tag = 'diagnosis';

export const diagnosisEndpoints = {
  'POST /api/admin/doctor-runs': {
    summary: '接続診断: examine a user’s connection, or the configuration alone; a run that is under way is joined',
    tag,
    access: 'admin',
    body: Type.Object(
      {
        /** Salesforceアカウント; null = without a user. */
        username: nullable(Type.String({ maxLength: 320 })),
        /** Instead of a name, which may belong to another by now: the account that an error or a run was about. */
        accountId: Type.Optional(Type.String({ format: 'uuid' })),
      },
      { additionalProperties: false },
    ),
    replies: { 201: doctorRunSchema },
    errors: ['not_found'],
    audit: 'connection_diagnosed',
  },
  'GET /api/admin/diagnosed-accounts/:id': {
    summary: 'Whom a link of an error names: the account under its present name',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: Type.Object({ id: Type.String(), username: Type.String() }) },
    errors: ['not_found'],
  },
  'GET /api/admin/doctor-runs': {
    summary: 'The latest runs, of everybody or of one user, newest first',
    tag,
    access: 'admin',
    query: Type.Object({ username: Type.Optional(Type.String({ maxLength: 320 })) }, { additionalProperties: false }),
    replies: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            id: Type.String(),
            state: runState,
            username: nullable(Type.String()),
            presentUsername: nullable(Type.String()),
            startedBy: Type.String(),
            startedAt: timestamp(),
            firstFailure: nullable(stepId),
          }),
        ),
      }),
    },
  },
  'GET /api/admin/doctor-runs/:id': {
    summary: 'One run, as far as it has come',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: doctorRunSchema },
    errors: ['not_found'],
  },
  'POST /api/admin/trials/settings': {
    summary: '保存前に確認: examine the connection as it would be with this 基本設定',
    tag,
    access: 'admin',
    body: settingsBody,
    replies: { 200: trialSchema },
    errors: ['record_changed', 'reauthentication_needed'],
    audit: 'connection_tried',
  },
  'POST /api/admin/trials/auth-providers': {
    summary: '保存前に確認: examine the connection as it would be with this new auth. provider in use',
    tag,
    access: 'admin',
    body: newAuthProviderBody,
    replies: { 200: trialSchema },
    errors: ['value_taken', 'reauthentication_needed'],
    audit: 'connection_tried',
  },
  'POST /api/admin/trials/auth-providers/:id': {
    summary: '保存前に確認: the same with an auth. provider changed like this',
    tag,
    access: 'admin',
    params: idParams,
    body: authProviderBody,
    replies: { 200: trialSchema },
    errors: ['not_found', 'value_taken', 'record_changed', 'reauthentication_needed'],
    audit: 'connection_tried',
  },
  'POST /api/authorization/self-checks': {
    summary: 'Examine one’s own connection; a run that is under way is joined',
    tag,
    access: 'user',
    replies: { 201: selfCheckSchema },
  },
  'GET /api/authorization/self-checks/:id': {
    summary: 'One’s own check, as far as it has come',
    tag,
    access: 'user',
    params: idParams,
    replies: { 200: selfCheckSchema },
    errors: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>;
