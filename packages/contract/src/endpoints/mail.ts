import Type, { type Static } from 'typebox';
import { errorsOf } from '../errors/error-catalogue.ts';
import { problemSchema } from '../errors/problem.ts';
import type { Endpoint } from './endpoint.ts';
import { nullable, timestamp } from './shared-schemas.ts';

export const arrivalSchema = Type.Object({
  id: Type.String(),
  /** `meetingNotice`: about a meeting, and Microsoft does not say what. */
  kind: Type.Union([
    Type.Literal('message'),
    Type.Literal('meetingRequest'),
    Type.Literal('meetingResponse'),
    Type.Literal('meetingCancellation'),
    Type.Literal('meetingNotice'),
  ]),
  /** null: the message has no subject. */
  subject: nullable(Type.String()),
  /** null: the message names no sender. */
  sender: nullable(Type.Object({ name: nullable(Type.String()), address: nullable(Type.String()) })),
  receivedAt: nullable(timestamp()),
  unread: Type.Boolean(),
  importance: Type.Union([Type.Literal('low'), Type.Literal('normal'), Type.Literal('high')]),
  hasAttachments: Type.Boolean(),
  flag: Type.Union([Type.Literal('notFlagged'), Type.Literal('flagged'), Type.Literal('complete')]),
  /** null where previews are switched off or not permitted. */
  preview: nullable(Type.String()),
  /** https only; null where Microsoft sent none. */
  webLink: nullable(Type.String()),
});
export type Arrival = Static<typeof arrivalSchema>;

export const newArrivalsSchema = Type.Object(
  {
    items: Type.Array(arrivalSchema),
    /** null where the mail URL does not list a folder's messages, or the count could not be fetched. */
    unreadCount: nullable(Type.Integer({ minimum: 0 })),
    /** When this list was fetched from Microsoft 365. */
    fetchedAt: timestamp(),
    /** Seconds between automatic refreshes; 0 = off. */
    refreshIntervalSeconds: Type.Integer(),
    /** Why the list could not be renewed; the list is then the last good one. */
    problem: Type.Optional(problemSchema),
  },
  { $id: 'NewArrivals' },
);
export type NewArrivals = Static<typeof newArrivalsSchema>;

const tag = 'new-arrivals';

export const mailEndpoints = {
  'GET /api/new-arrivals': {
    summary: 'The new mail of the signed-in user',
    tag,
    access: 'user',
    query: Type.Object(
      {
        /** true asks Microsoft 365 again instead of using the stored list; at most every 5 s. */
        refresh: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    replies: { 200: newArrivalsSchema },
    errors: [...errorsOf('mail'), 'sealed_value_unreadable'],
  },
  'GET /api/admin/embedding': {
    summary: '埋め込み: the address of the portlet, and the origins that may frame it',
    tag: 'embedding',
    access: 'admin',
    replies: {
      200: Type.Object({ portletUrl: Type.String(), origins: Type.Array(Type.String()) }, { $id: 'Embedding' }),
    },
  },
} as const satisfies Record<string, Endpoint>;
