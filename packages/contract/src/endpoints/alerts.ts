import Type, { type Static } from 'typebox';
import { errorsOf } from '../errors/error-catalogue.ts';
import { languages } from '../language.ts';
import type { Endpoint } from './endpoint.ts';
import { idParams, noContent, nullable, text, timestamp, version } from './shared-schemas.ts';

/**
 * What an alert is about. `stopped`: nobody gets mail. `secret`: the consumer secret expires. `errors`: a cause affects several
 * users. `security`: an endpoint moved, or somebody guesses passwords. `operation`: Argus' server.
 */
export const alertKinds = ['stopped', 'secret', 'errors', 'security', 'operation'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** How an alert is sent: a webhook of Teams (Workflows) or Slack, plain JSON to any URL, or mail. */
export const alertFormats = ['teams', 'slack', 'json', 'mail'] as const;
export type AlertFormat = (typeof alertFormats)[number];

const channelFields = {
  name: text(80),
  format: Type.Enum(alertFormats),
  /** Mail addresses, one to a line; '' for webhooks. */
  recipients: text(),
  kinds: Type.Array(Type.Enum(alertKinds), { maxItems: alertKinds.length }),
  /** Of `errors`: the least number of affected users. */
  leastUsers: Type.Integer(),
  language: Type.Enum(languages),
  active: Type.Boolean(),
};

/** A destination of alerts. The URL of a webhook is a secret: it is never shown again. */
export const alertChannelSchema = Type.Object(
  {
    id: Type.String(),
    ...channelFields,
    /** scheme://host[:port] of the webhook; null for mail. */
    origin: nullable(Type.String()),
    lastSentAt: nullable(timestamp()),
    /** Since the last success: what failed last. */
    lastFailure: nullable(
      Type.Object({ at: timestamp(), code: Type.String(), title: Type.String(), errorId: nullable(Type.String()) }),
    ),
    version: Type.Integer(),
  },
  { $id: 'AlertChannel' },
);
export type AlertChannelView = Static<typeof alertChannelSchema>;

const form = {
  ...channelFields,
  /** Webhook URL. '' or absent: the stored one stays. */
  url: Type.Optional(text()),
};
const tag = 'alerts';
const closed = { additionalProperties: false };

export const alertEndpoints = {
  'GET /api/admin/alert-channels': {
    summary: 'Where alerts go',
    tag,
    access: 'admin',
    replies: {
      200: Type.Object({
        items: Type.Array(alertChannelSchema),
        /** The sender of alerts by mail; null where no mail server is configured. */
        mailFrom: nullable(Type.String()),
      }),
    },
  },
  'GET /api/admin/alert-channels/:id': {
    summary: 'One destination of alerts',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: alertChannelSchema },
    errors: ['not_found'],
  },
  'POST /api/admin/alert-channels': {
    summary: 'Add a destination of alerts',
    tag,
    access: 'admin',
    body: Type.Object(form, closed),
    replies: { 201: alertChannelSchema },
    errors: ['value_taken', 'reauthentication_needed'],
    audit: 'alert_channel_created',
  },
  'PUT /api/admin/alert-channels/:id': {
    summary: 'Change a destination of alerts',
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object({ ...form, version: version() }, closed),
    replies: { 200: alertChannelSchema },
    errors: ['value_taken', 'not_found', 'record_changed', 'reauthentication_needed'],
    audit: 'alert_channel_changed',
  },
  'DELETE /api/admin/alert-channels/:id': {
    summary: 'Remove a destination of alerts',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found', 'reauthentication_needed'],
    audit: 'alert_channel_deleted',
  },
  'POST /api/admin/alert-channels/:id/test': {
    summary: 'Send a test to a destination now; the reply says whether it was accepted',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: alertChannelSchema },
    errors: ['not_found', 'reauthentication_needed', ...errorsOf('alert')],
    audit: 'alert_channel_tested',
  },
} as const satisfies Record<string, Endpoint>;
