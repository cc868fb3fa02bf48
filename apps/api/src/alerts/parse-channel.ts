import type { BodyOf } from '@argus/contract/endpoint-map';
import { alertKinds } from '@argus/contract/endpoints/alerts';
import type { AlertChannel, AlertChannelChange } from '../connection/records/alert-channels.ts';
import { type Form, readForm } from '../platform/http/read-form.ts';
import { isLoopbackHost } from '../platform/loopback-host.ts';

const mostRecipients = 20;
/** One address (RFC 5321 without quoted local parts and literals); the mail server decides whether it exists. */
const mailAddress = /^[^\s@"<>(),:;[\]\\]+@[^\s@"<>(),:;[\]\\.]+(\.[^\s@"<>(),:;[\]\\.]+)+$/;

export interface ParsedChannel {
  readonly change: Omit<AlertChannelChange, 'sealedUrl' | 'origin'>;
  /** The URL to seal; undefined: the stored one stays, or there is none. */
  readonly webhook: { readonly url: string; readonly origin: string } | undefined;
}

/**
 * @param before the channel that is changed
 * @throws AppError request_invalid, which names every invalid field
 */
export function parseChannel(body: BodyOf<'POST /api/admin/alert-channels'>, before?: AlertChannel): ParsedChannel {
  return readForm((form) => {
    const { format, language, active } = body;
    const isMail = format === 'mail';
    const keepsUrl = before !== undefined && before.sealedUrl !== null && before.format !== 'mail';
    const typed = body.url?.trim() ?? '';
    const webhook = isMail || (typed === '' && keepsUrl) ? undefined : form.url('url', typed);
    // A webhook's URL is a password: it crosses no network in plain text.
    if (webhook?.scheme === 'http' && !isLoopbackHost(webhook.host)) form.refuse('url', 'webhook_https_needed');
    if (body.kinds.length === 0) form.refuse('kinds', 'required');
    return {
      change: {
        name: form.requiredText('name', body.name),
        format,
        recipients: isMail ? parseRecipients(form, body.recipients) : '',
        kinds: alertKinds.filter((kind) => body.kinds.includes(kind)),
        leastUsers: form.integer('leastUsers', body.leastUsers, { min: 1, max: 10_000 }),
        language,
        active,
      },
      webhook: webhook && { url: webhook.url, origin: webhook.origin },
    };
  });
}

/** The addresses, each once and on its own line; typed with blanks, commas or lines between them. */
function parseRecipients(form: Form, typed: string): string {
  const addresses = [...new Set(typed.split(/[\s,;、]+/).filter((text) => text !== ''))];
  if (addresses.length === 0) form.refuse('recipients', 'required');
  if (addresses.length > mostRecipients) form.refuse('recipients', 'too_many_addresses', { max: mostRecipients });
  for (const address of addresses) {
    if (!mailAddress.test(address)) form.refuse('recipients', 'mail_address_malformed', { address });
  }
  return addresses.join('\n');
}
