import Type, { type Static } from 'typebox';
import { roleSchema, sessionSchema } from '../accounts.ts';
import type { Endpoint } from '../endpoint.ts';
import { idParams, nullable, text, timestamp } from '../shared-schemas.ts';
import { userTodoSchema } from './users.ts';

const invitee = { username: Type.String(), displayName: Type.String(), expiresAt: timestamp() };

/** An invitation link, in the only reply that ever contains it. */
export const issuedInvitationSchema = Type.Object({ url: Type.String(), ...invitee }, { $id: 'IssuedInvitation' });
export type IssuedInvitation = Static<typeof issuedInvitationSchema>;

export const invitationPlanSchema = Type.Object(
  {
    /** Active accounts without a password that match the filter. */
    accounts: Type.Integer(),
    /** How many of them hold a valid link, which would stop working. */
    invited: Type.Integer(),
  },
  { $id: 'InvitationPlan' },
);
export type InvitationPlan = Static<typeof invitationPlanSchema>;

const tag = 'invitations';
const token = text(200);

export const invitationEndpoints = {
  'POST /api/admin/users/:id/invitation': {
    summary:
      'Issue the one-time link by which an account without a password gets one; earlier links of it stop working',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 201: issuedInvitationSchema },
    errors: [
      'not_found',
      'invitation_account_inactive',
      'invitation_password_set',
      'csv_import_running',
      'reauthentication_needed',
    ],
    audit: 'invitation_issued',
  },
  'GET /api/admin/invitations': {
    summary: 'Whom invitation links would be issued for',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        q: Type.Optional(Type.String({ maxLength: 320 })),
        role: Type.Optional(roleSchema),
        todo: Type.Optional(userTodoSchema),
      },
      { additionalProperties: false },
    ),
    replies: { 200: invitationPlanSchema },
  },
  'POST /api/admin/invitations': {
    summary: 'Issue invitation links for every active account without a password that fits the filter, as CSV',
    tag,
    access: 'admin',
    body: Type.Object(
      {
        /** Parts of name, reading or username; empty for all. */
        q: text(320),
        role: nullable(roleSchema),
        todo: Type.Optional(userTodoSchema),
        /** Only these users. */
        ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 200 })),
        /** IANA name, for the dates in the file and in its name. */
        timeZone: text(64),
      },
      { additionalProperties: false },
    ),
    produces: 'text/csv',
    replies: { 200: Type.Unknown() },
    errors: ['csv_import_running', 'reauthentication_needed'],
    audit: 'invitation_issued',
  },
  'POST /api/invitation/read': {
    summary: 'Whom an invitation link is for',
    tag,
    access: 'public',
    body: Type.Object({ token }, { additionalProperties: false }),
    replies: { 200: Type.Object(invitee, { $id: 'Invitation' }) },
    errors: ['invitation_expired', 'too_many_requests'],
  },
  'POST /api/invitation/accept': {
    summary: "Set the account's first password by its invitation link, and sign in",
    tag,
    access: 'public',
    body: Type.Object({ token, password: text(1024) }, { additionalProperties: false }),
    replies: { 200: sessionSchema },
    errors: ['invitation_expired', 'too_many_requests', 'server_busy'],
    audit: 'invitation_accepted',
  },
} as const satisfies Record<string, Endpoint>;
