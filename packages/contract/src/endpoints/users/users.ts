import Type, { type Static } from 'typebox';
import { roleSchema } from '../accounts.ts';
import { accountLinkSchema } from '../connection/links.ts';
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

/** What is still to be done for a user. */
export const userTodoSchema = Type.Enum(['no_password', 'invited', 'unlinked'], { $id: 'UserTodo' });
export type UserTodo = Static<typeof userTodoSchema>;

export const userSortSchema = Type.Enum(['displayName', 'username', 'role', 'status', 'lastSignInAt'], {
  $id: 'UserSort',
});
export type UserSort = Static<typeof userSortSchema>;

export const userSchema = Type.Object(
  {
    id: Type.String(),
    username: Type.String(),
    displayName: Type.String(),
    /** フリガナ; empty where there is none. */
    reading: Type.String(),
    role: roleSchema,
    salesforceId: nullable(Type.String()),
    active: Type.Boolean(),
    hasPassword: Type.Boolean(),
    /** Until when this user's invitation link is valid; null where there is none. */
    invitedUntil: nullable(timestamp()),
    lastSignInAt: nullable(timestamp()),
    version: Type.Integer(),
    updatedAt: timestamp(),
  },
  { $id: 'User' },
);
export type UserView = Static<typeof userSchema>;

/** A user and their link; null where they have none. */
const personSchema = Type.Object({ user: userSchema, link: nullable(accountLinkSchema) }, { $id: 'Person' });

const tag = 'users';
const userFields = {
  username: text(320),
  displayName: text(200),
  /** Without it, a new user has none and a changed one keeps theirs. */
  reading: Type.Optional(text(200)),
  role: roleSchema,
  salesforceId: nullable(text(18)),
};

export const userEndpoints = {
  'GET /api/admin/users': {
    summary: '利用者: portal accounts; searches parts of names and addresses, sorts, and pages',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        ...keysetQuery,
        role: Type.Optional(roleSchema),
        active: Type.Optional(Type.Boolean()),
        todo: Type.Optional(userTodoSchema),
        sort: Type.Optional(userSortSchema),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
      },
      { additionalProperties: false },
    ),
    replies: { 200: keysetPageOf(userSchema) },
  },
  'GET /api/admin/users/:id/overview': {
    summary: 'A user, and their link with its authorization',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: personSchema },
    errors: ['not_found'],
  },
  'POST /api/admin/users': {
    summary: 'Create a portal account',
    tag,
    access: 'admin',
    body: Type.Object(
      {
        ...userFields,
        /** Without it, the user sets one by an invitation. */
        password: Type.Optional(text(1024)),
        /** The Microsoft 365 account to link right away. */
        microsoftAccount: Type.Optional(text(320)),
      },
      { additionalProperties: false },
    ),
    replies: { 201: userSchema },
    errors: ['value_taken', 'server_busy', 'csv_import_running', 'reauthentication_needed'],
    audit: 'user_created',
  },
  'PUT /api/admin/users/:id': {
    summary:
      'Change a portal account; a change of role or a deactivation ends its sessions, a deactivation its invitation',
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object({ ...userFields, active: Type.Boolean(), version: version() }, { additionalProperties: false }),
    replies: { 200: userSchema },
    errors: [
      'not_found',
      'value_taken',
      'record_changed',
      'last_admin_protected',
      'csv_import_running',
      'reauthentication_needed',
    ],
    audit: 'user_changed',
  },
  'DELETE /api/admin/users/:id': {
    summary: 'Delete a portal account that was never used, with its link and invitation',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found', 'user_was_used', 'csv_import_running'],
    audit: 'user_deleted',
  },
  'PUT /api/admin/users/:id/password': {
    summary: "Set another user's password; the sessions of that account end",
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object({ password: text(1024) }, { additionalProperties: false }),
    replies: { 204: noContent },
    errors: ['not_found', 'server_busy', 'csv_import_running', 'reauthentication_needed'],
    audit: 'password_set',
  },
} as const satisfies Record<string, Endpoint>;
