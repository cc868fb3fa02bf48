import { startDeadline } from '@argus/egress/deadline';
import { type EgressFact, EgressFailure } from '@argus/egress/egress-failure';
import { MailFailure, sendMail } from '@argus/egress/send-mail';
import { present } from '@argus/fields/present';
import { type AlertChannel, webhookUrlPlace } from '../connection/records/alert-channels.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import type { Message } from './message.ts';
import { jsonPayload, mailText, slackPayload, teamsPayload } from './payloads.ts';

const withinMs = 15_000;
const connectWithinMs = 5_000;
/** Replies are only looked at for their status. */
const mostReplyBytes = 64 * 1024;

const payloads = { slack: slackPayload, teams: teamsPayload, json: jsonPayload };
const notSent: readonly EgressFact['kind'][] = ['site_not_registered', 'plain_http', 'malformed_url', 'address_denied'];

/**
 * Sends a message to a channel, once. A webhook is called as everything is: only where the remote sites allow it.
 * @returns what is wrong although it was delivered: some recipients of a mail were refused
 * @throws AppError of the purpose `alert` where nobody has got it
 */
export async function deliver(services: Services, channel: AlertChannel, message: Message): Promise<AppError | null> {
  if (channel.format === 'mail') return mail(services, channel, message);
  await post(services, channel, JSON.stringify(payloads[channel.format](message)));
  return null;
}

async function mail({ config }: Services, { recipients }: AlertChannel, message: Message): Promise<AppError | null> {
  if (config.mail === undefined) throw new AppError('alert_mail_not_configured');
  const { server, from } = config.mail;
  const to = recipients.split('\n');
  try {
    const mail = { from, to, subject: message.subject, text: mailText(message) };
    const refused = await sendMail(server, mail, connectWithinMs);
    if (refused === null) return null;
    const { status } = refused;
    const named = { host: server.host, recipients: refused.recipients.join(', '), ...present({ status }) };
    return new AppError('alert_recipients_refused', named);
  } catch (cause) {
    if (!(cause instanceof MailFailure)) throw cause;
    const { kind, host, status, code } = cause.fact;
    const upstream = { stage: 'alert', ...present({ networkCode: code }) };
    if (kind === 'refused') throw new AppError('alert_mail_refused', { host, ...present({ status }) }, { cause });
    throw new AppError('alert_mail_server_unreachable', { host, upstream }, { cause });
  }
}

async function post(services: Services, channel: AlertChannel, body: string): Promise<void> {
  const origin = channel.origin ?? '';
  const url = openUrl(services, channel, origin);
  let status: number;
  try {
    const reply = await services.egress.fetch({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      deadline: startDeadline(withinMs),
      connectTimeoutMs: connectWithinMs,
      maxBytes: mostReplyBytes,
      allowedOrigin: origin,
    });
    status = reply.status;
  } catch (cause) {
    if (!(cause instanceof EgressFailure)) throw cause;
    throw unsent(origin, cause);
  }
  if (status === 429 || status >= 500) throw new AppError('alert_throttled', { origin, status });
  if (status >= 400) throw new AppError('alert_refused', { origin, status });
}

function openUrl({ vault }: Services, { id, sealedUrl }: AlertChannel, origin: string): string {
  try {
    return vault.open(sealedUrl ?? '', webhookUrlPlace(id, origin));
  } catch (cause) {
    if (!(cause instanceof UnsealError)) throw cause;
    throw new AppError('alert_url_unreadable', {}, { cause });
  }
}

function unsent(origin: string, cause: EgressFailure): AppError {
  const { kind, status, nearMisses, osCode } = cause.fact;
  const params = { origin, upstream: { stage: 'alert', ...present({ networkCode: osCode }) } };
  if (notSent.includes(kind)) {
    return new AppError('alert_site_not_registered', { origin, ...present({ nearMisses }) }, { cause });
  }
  if (kind === 'redirect') return new AppError('alert_refused', { origin, ...present({ status }) }, { cause });
  if (kind === 'timeout' || kind === 'connect_timeout') return new AppError('alert_timeout', params, { cause });
  return new AppError('alert_unreachable', params, { cause });
}
