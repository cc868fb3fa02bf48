import { createHash } from 'node:crypto';
import { present } from '@argus/fields/present';
import type { DirectoryUser } from './demo-company.ts';

export interface EmailAddress {
  name?: string | null;
  address?: string | null;
}

/** A message as Graph returns it (without the OData annotations, which the answer adds). */
export interface GraphMessage {
  /** Sent with whatever is selected, by items that are more than a message. */
  '@odata.type'?: string;
  /** Of event messages only; a list of messages cannot select it. */
  meetingMessageType?: string | null;
  id: string;
  createdDateTime: string | null;
  lastModifiedDateTime: string | null;
  changeKey: string;
  categories: string[];
  /** UTC, ISO 8601 with seconds. */
  receivedDateTime: string | null;
  sentDateTime: string | null;
  hasAttachments: boolean | null;
  internetMessageId: string;
  subject: string | null;
  bodyPreview: string | null;
  importance: string | null;
  parentFolderId: string;
  conversationId: string;
  isDeliveryReceiptRequested: boolean | null;
  isReadReceiptRequested: boolean;
  isRead: boolean | null;
  isDraft: boolean;
  webLink: string | null;
  inferenceClassification: string;
  body: { contentType: string; content: string } | null;
  sender: { emailAddress: EmailAddress } | null;
  from: { emailAddress: EmailAddress } | null;
  toRecipients: { emailAddress: EmailAddress }[];
  ccRecipients: { emailAddress: EmailAddress }[];
  bccRecipients: { emailAddress: EmailAddress }[];
  replyTo: { emailAddress: EmailAddress }[];
  flag: { flagStatus: string } | null;
}

export interface MailItem {
  folder: string;
  /** The id returned under `Prefer: IdType="ImmutableId"`. */
  immutableId: string;
  message: GraphMessage;
  /** Sent verbatim instead of the message, where a test needs a reply that no mailbox would give. */
  raw?: unknown;
  /** Created by the live mail; only such items are dropped when a mailbox grows too large. */
  live?: boolean;
}

/** What a caller may specify for a new mail; everything else gets a plausible value. */
export interface MailDraft {
  subject?: string | null;
  from?: EmailAddress | string | null;
  sender?: EmailAddress | string | null;
  preview?: string | null;
  /** HTML of the body; defaults to the preview. */
  body?: string | null;
  importance?: string | null;
  isRead?: boolean | null;
  hasAttachments?: boolean | null;
  flagStatus?: string | null;
  categories?: string[];
  receivedDateTime?: string | null;
  webLink?: string | null;
  inferenceClassification?: string;
  /** Well-known folder name; `inbox` by default. */
  folder?: string;
  /** A type that Graph derives from message, such as `eventMessageRequest`. */
  type?: string;
  meetingMessageType?: string | null;
  raw?: unknown;
}

const previewLength = 255;

/**
 * Creates a mail item for a user's mailbox.
 * @param number sequence number in the mailbox, from which the ids are derived: the same number gives the same ids
 * @param now milliseconds since the epoch
 */
export function makeMailItem(user: DirectoryUser, number: number, draft: MailDraft, now: number): MailItem {
  const folder = draft.folder ?? 'inbox';
  const received = draft.receivedDateTime === undefined ? graphTime(now) : draft.receivedDateTime;
  const from = addressOf(
    draft.from === undefined ? { name: user.displayName, address: user.userPrincipalName } : draft.from,
  );
  const preview = draft.preview === undefined ? '' : draft.preview;
  const html = draft.body === undefined ? `<html><body><p>${escapeHtml(preview ?? '')}</p></body></html>` : draft.body;
  const id = exchangeId('AAMkAGI1ZjQx', `${user.oid}/message/${number}`);
  return {
    folder,
    immutableId: exchangeId('AAkALgAAAAAA', `${user.oid}/immutable/${number}`),
    ...present({ raw: draft.raw }),
    message: {
      ...(draft.type === undefined ? {} : { '@odata.type': `#microsoft.graph.${draft.type}` }),
      ...(draft.meetingMessageType === undefined ? {} : { meetingMessageType: draft.meetingMessageType }),
      id,
      createdDateTime: received,
      lastModifiedDateTime: received,
      changeKey: makeChangeKey(`${user.oid}/${number}`),
      categories: draft.categories ?? [],
      receivedDateTime: received,
      sentDateTime: received,
      hasAttachments: draft.hasAttachments === undefined ? false : draft.hasAttachments,
      internetMessageId: `<${digest(`${user.oid}/${number}`, 16).toUpperCase()}@mail.contoso.example>`,
      subject: draft.subject === undefined ? '(件名の指定なし)' : draft.subject,
      bodyPreview: preview === null ? null : preview.slice(0, previewLength),
      importance: draft.importance === undefined ? 'normal' : draft.importance,
      parentFolderId: folderId(user.oid, folder),
      conversationId: exchangeId('AAQkAGI1ZjQx', `${user.oid}/conversation/${number}`),
      isDeliveryReceiptRequested: false,
      isReadReceiptRequested: false,
      isRead: draft.isRead === undefined ? false : draft.isRead,
      isDraft: false,
      webLink:
        draft.webLink === undefined
          ? `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`
          : draft.webLink,
      inferenceClassification: draft.inferenceClassification ?? 'focused',
      body: html === null ? null : { contentType: 'html', content: html },
      sender: draft.sender === undefined ? from : addressOf(draft.sender),
      from,
      toRecipients: [{ emailAddress: { name: user.displayName, address: user.userPrincipalName } }],
      ccRecipients: [],
      bccRecipients: [],
      replyTo: [],
      flag: draft.flagStatus === null ? null : { flagStatus: draft.flagStatus ?? 'notFlagged' },
    },
  };
}

/** Graph's id of a well-known folder in a user's mailbox. */
export function folderId(oid: string, folder: string): string {
  return exchangeId('AQMkAGI1ZjQx', `${oid}/folder/${folder}`);
}

/** A change key, which Exchange renews each time it writes an item. */
export function makeChangeKey(seed: string): string {
  return `CQAAABYAAAC${digest(seed, 28)}`;
}

/** UTC without milliseconds, as Graph writes message times. */
export function graphTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function addressOf(value: EmailAddress | string | null): { emailAddress: EmailAddress } | null {
  if (value === null) return null;
  return { emailAddress: typeof value === 'string' ? { name: value, address: value } : value };
}

// Exchange ids are case-sensitive, URL-safe base64 and end in `=`, which must be percent-encoded in a query.
function exchangeId(prefix: string, seed: string): string {
  return `${prefix}${createHash('sha512').update(seed).digest('base64url').slice(0, 67)}=`;
}

function digest(seed: string, length: number): string {
  return createHash('sha256').update(seed).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, length);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
