import Type, { type Static } from 'typebox';
import type { Endpoint } from './endpoint.ts';
import { noContent, nullable, text, timestamp } from './shared-schemas.ts';

export const languageSchema = Type.Union([Type.Literal('ja'), Type.Literal('en')]);
export const roleSchema = Type.Union([Type.Literal('user'), Type.Literal('admin')]);

export const sessionSchema = Type.Object(
  {
    /** null where nobody is signed in. */
    user: nullable(
      Type.Object({
        id: Type.String(),
        username: Type.String(),
        displayName: Type.String(),
        role: roleSchema,
        /** null: the browser's language. */
        language: nullable(languageSchema),
      }),
    ),
    /** Send it as x-csrf-token with every state-changing request. */
    csrfToken: Type.String(),
    /** Whether the request came with a cookie of Argus: every reply of this kind sets one. */
    cookieSent: Type.Boolean(),
    mode: Type.Union([Type.Literal('demo'), Type.Literal('production')]),
    /** Whether any account exists; false only until the first administrator is created. */
    hasAccounts: Type.Boolean(),
    /** Whom to ask about a forgotten password, where 基本設定 say so and nobody is signed in. */
    signInHelp: Type.Optional(Type.String()),
    /** In the demo, the accounts to sign in with. */
    demoAccounts: Type.Optional(
      Type.Array(
        Type.Object({ username: Type.String(), password: Type.String(), displayName: Type.String(), role: roleSchema }),
      ),
    ),
  },
  { $id: 'Session' },
);
export type SessionView = Static<typeof sessionSchema>;

const tag = 'sign-in';

export const accountEndpoints = {
  'GET /api/session': { summary: 'Who is signed in', tag, access: 'public', replies: { 200: sessionSchema } },
  'POST /api/session': {
    summary: 'Sign in with a local account',
    tag,
    access: 'public',
    body: Type.Object({ username: text(320), password: text(1024) }, { additionalProperties: false }),
    replies: { 200: sessionSchema },
    errors: ['sign_in_failed', 'sign_in_throttled', 'server_busy'],
    audit: 'sign_in',
  },
  'DELETE /api/session': {
    summary: 'Sign out',
    tag,
    access: 'user',
    replies: { 204: noContent },
    audit: 'sign_out',
  },
  'POST /api/session/reauthentication': {
    summary: "Prove one's own password, for changes that ask for it: it stands for ten minutes, in this session alone",
    tag,
    access: 'user',
    body: Type.Object({ password: text(1024) }, { additionalProperties: false }),
    /** The session continues under another id, and so with another token. */
    replies: { 200: Type.Object({ until: timestamp(), csrfToken: Type.String() }) },
    errors: ['password_wrong', 'sign_in_throttled'],
    audit: 'reauthenticated',
  },
  'PUT /api/session/language': {
    summary: "Set one's own language",
    tag,
    access: 'user',
    body: Type.Object({ language: nullable(languageSchema) }, { additionalProperties: false }),
    replies: { 200: sessionSchema },
  },
  'PUT /api/session/password': {
    summary: "Change one's own password; every other session of the account ends",
    tag,
    access: 'user',
    body: Type.Object({ currentPassword: text(1024), newPassword: text(1024) }, { additionalProperties: false }),
    replies: { 200: sessionSchema },
    errors: ['password_wrong', 'sign_in_throttled', 'server_busy'],
    audit: 'password_changed',
  },
  'POST /api/first-admin': {
    summary: 'Make the first administrator by the one-time link printed at start',
    tag,
    access: 'public',
    body: Type.Object(
      { token: text(200), username: text(320), displayName: text(200), password: text(1024) },
      { additionalProperties: false },
    ),
    replies: { 201: sessionSchema },
    errors: ['invitation_invalid', 'server_busy'],
    audit: 'first_admin_created',
  },
} as const satisfies Record<string, Endpoint>;
