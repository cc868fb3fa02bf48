import Type, { type Static } from 'typebox';
import type { Endpoint } from '../endpoint.ts';
import {
  idParams,
  keysetPageOf,
  keysetQuery,
  noContent,
  nullable,
  text,
  timestamp,
  version,
} from '../shared-schemas.ts';
import { authorizationStateSchema } from './authorize.ts';

export const accountLinkSchema = Type.Object(
  {
    id: Type.String(),
    accountId: Type.String(),
    /** ユーザ名 */
    displayName: Type.String(),
    /** Salesforceアカウント */
    username: Type.String(),
    /** Whether the portal account may sign in. */
    accountActive: Type.Boolean(),
    /** Microsoft365アカウント */
    microsoftAccount: Type.String(),
    state: authorizationStateSchema,
    /** Who really signed in, if known. */
    authorizedAccount: nullable(Type.String()),
    /**
     * How it differs from Microsoft's account: only in case; the account was renamed there; the link was changed since the
     * authorization, and the next fetch will find out whether they agree; or another account of the same name signed in.
     */
    hint: nullable(
      Type.Union([
        Type.Literal('case_differs'),
        Type.Literal('upn_renamed'),
        Type.Literal('link_changed'),
        Type.Literal('account_recreated'),
      ]),
    ),
    lastSuccessAt: nullable(timestamp()),
    lastError: nullable(Type.Object({ code: Type.String(), message: Type.String(), at: timestamp() })),
    version: Type.Integer(),
    updatedAt: timestamp(),
  },
  { $id: 'AccountLink' },
);
export type AccountLinkView = Static<typeof accountLinkSchema>;

const accountLinkSortSchema = Type.Union([
  Type.Literal('displayName'),
  Type.Literal('username'),
  Type.Literal('microsoftAccount'),
  Type.Literal('lastSuccessAt'),
  Type.Literal('updatedAt'),
]);
export type AccountLinkSort = Static<typeof accountLinkSortSchema>;

const tag = 'account-links';
const linkBody = { username: text(320), microsoftAccount: text(320) };

export const linkEndpoints = {
  'GET /api/admin/account-links': {
    summary: 'アカウント情報: search for parts of names and addresses, state filter, sort and paging',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        ...keysetQuery,
        state: Type.Optional(authorizationStateSchema),
        sort: Type.Optional(accountLinkSortSchema),
        order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
      },
      { additionalProperties: false },
    ),
    replies: { 200: keysetPageOf(accountLinkSchema) },
  },
  'POST /api/admin/account-links': {
    summary: 'Link a portal account to a Microsoft 365 account',
    tag,
    access: 'admin',
    body: Type.Object(
      // accountId: whom the caller means by the name. Where another account has it by now, the link is refused.
      { ...linkBody, accountId: Type.Optional(Type.String({ format: 'uuid' })) },
      { additionalProperties: false },
    ),
    replies: { 201: accountLinkSchema },
    errors: ['value_taken'],
    audit: 'account_link_created',
  },
  'PUT /api/admin/account-links/:id': {
    summary: 'Change the Microsoft 365 account of a link',
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object({ microsoftAccount: text(320), version: version() }, { additionalProperties: false }),
    replies: { 200: accountLinkSchema },
    errors: ['not_found', 'value_taken', 'record_changed'],
    audit: 'account_link_changed',
  },
  'DELETE /api/admin/account-links/:id': {
    summary: 'Remove a link; the authorization is suspended, not deleted',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found'],
    audit: 'account_link_deleted',
  },
  'DELETE /api/admin/account-links/:id/authorization': {
    summary: '認証の取消 by an administrator',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found'],
    audit: 'authorization_revoked',
  },
  'DELETE /api/admin/account-links/:id/pinned-identity': {
    summary: 'このアカウントとして認め直す: the next authorization is judged by the name of the account again',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found'],
    audit: 'account_pin_cleared',
  },
} as const satisfies Record<string, Endpoint>;
