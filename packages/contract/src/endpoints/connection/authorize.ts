import Type, { type Static } from 'typebox';
import { problemSchema } from '../../errors/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import { noContent, nullable, text, timestamp } from '../shared-schemas.ts';

/** State of a user's authorization, as shown in 認証設定 and アカウント情報. */
export const authorizationStateSchema = Type.Union([
  Type.Literal('not_linked'),
  Type.Literal('not_authorized'),
  Type.Literal('authorized'),
  Type.Literal('mismatch'),
  Type.Literal('reconnect_needed'),
]);
export type AuthorizationState = Static<typeof authorizationStateSchema>;

export const authorizationSchema = Type.Object(
  {
    state: authorizationStateSchema,
    /** false: the link has changed since the authorization, and Microsoft 365 has not confirmed yet whose account it is. */
    confirmed: Type.Boolean(),
    /** 管理者が設定したアカウント */
    linkedAccount: nullable(Type.String()),
    /** 認証されたアカウント */
    authorizedAccount: nullable(Type.String()),
    authorizedAt: nullable(timestamp()),
    lastSuccessAt: nullable(timestamp()),
    lastError: nullable(Type.Object({ message: Type.String(), at: timestamp() })),
    /** Where the code flow starts; null while no auth. provider is set up. */
    startUrl: nullable(Type.String()),
    /** Why the flow cannot be started now (A1, A3, not linked). */
    problem: Type.Optional(problemSchema),
  },
  { $id: 'Authorization' },
);
export type AuthorizationView = Static<typeof authorizationSchema>;

export const outcomeSchema = Type.Object(
  {
    /** `pending`: its callback is still under way, or has not come back yet. */
    result: Type.Union([Type.Literal('authorized'), Type.Literal('failed'), Type.Literal('pending')]),
    display: Type.Union([Type.Literal('page'), Type.Literal('popup')]),
    linkedAccount: nullable(Type.String()),
    authorizedAccount: nullable(Type.String()),
    /** The account was accepted although its spelling differs from the link's. */
    hint: nullable(Type.Union([Type.Literal('case_differs'), Type.Literal('upn_renamed')])),
    /** The target of 「もう一度認証」; null while no auth. provider is set up. */
    startUrl: nullable(Type.String()),
    problem: Type.Optional(problemSchema),
  },
  { $id: 'AuthorizationOutcome' },
);
export type OutcomeView = Static<typeof outcomeSchema>;

const tag = 'authorization';
const ticketBody = Type.Object({ ticket: text(200) }, { additionalProperties: false });

export const authorizeEndpoints = {
  'GET /api/authorization': {
    summary: "State of one's own authorization",
    tag,
    access: 'user',
    replies: { 200: authorizationSchema },
  },
  'DELETE /api/authorization': {
    summary: "Revoke one's own authorization: tokens, kept mail and a recorded mismatch go at once",
    tag,
    access: 'user',
    replies: { 204: noContent },
    audit: 'authorization_revoked',
  },
  'POST /api/authorization/tickets': {
    summary: 'A one-time start URL for a pop-up that cannot see the session cookie of an embedding iframe',
    tag,
    access: 'user',
    replies: {
      201: Type.Object({
        startUrl: Type.String(),
        expiresAt: timestamp(),
        /** Where the flow will end, for whoever opened the pop-up; null where the pop-up shares the session. */
        outcomeId: nullable(Type.String()),
      }),
    },
    errors: ['authorization_provider_not_found', 'authorization_site_not_registered', 'authorization_not_linked'],
  },
  'POST /api/authorization/tickets/read': {
    summary: 'For whom a start URL with a ticket begins a flow; for the pop-up, which has no session',
    tag,
    access: 'public',
    body: ticketBody,
    replies: { 200: Type.Object({ username: Type.String(), displayName: Type.String() }) },
    errors: ['authorization_ticket_invalid'],
  },
  'POST /api/authorization/tickets/take': {
    summary: 'Begin the flow of a ticket, which is used up by it; gives the page of Microsoft to go on to',
    tag,
    access: 'public',
    body: ticketBody,
    replies: { 200: Type.Object({ authorizeUrl: Type.String() }) },
    errors: [
      'authorization_ticket_invalid',
      'authorization_provider_not_found',
      'authorization_site_not_registered',
      'authorization_not_linked',
    ],
  },
  'GET /api/authorization/outcomes/:id': {
    summary: 'What a callback ended with; for the browser that took part in it',
    tag,
    access: 'public',
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
    replies: { 200: outcomeSchema },
    errors: ['outcome_expired'],
  },
} as const satisfies Record<string, Endpoint>;
