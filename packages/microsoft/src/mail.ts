import Type from 'typebox';
import { Value } from 'typebox/value';
import { type GraphCall, graphGet, graphPages, malformedReply } from './graph.ts';
import { type MessagesQuery, messagesUrl } from './messages-url.ts';
import { record, text } from './reply-fields.ts';

/** A message, as the portlet needs it. */
export type Message = {
  /** Immutable id: survives a move within the mailbox. */
  readonly id: string;
  readonly subject: string | null;
  readonly from: { readonly name: string | null; readonly address: string | null } | null;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string | null;
  readonly isRead: boolean;
  readonly importance: 'low' | 'normal' | 'high';
  readonly hasAttachments: boolean;
  readonly flagged: 'notFlagged' | 'flagged' | 'complete';
  /** Up to 255 characters of plain text; null unless requested. */
  readonly preview: string | null;
  /** Opens the message in Outlook; https or null. */
  readonly webLink: string | null;
};

const UnreadFolder = Type.Object({ unreadItemCount: Type.Integer({ minimum: 0 }) });

const mostPages = 3;

function oneOf<T extends string>(value: unknown, known: readonly T[], otherwise: T): T {
  return known.find((candidate) => candidate === value) ?? otherwise;
}

function instant(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/u.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function sender(value: unknown): Message['from'] {
  const { name, address } = record(record(value).emailAddress);
  const read = { name: text(name) ?? null, address: text(address) ?? null };
  return read.name === null && read.address === null ? null : read;
}

function httpsLink(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const { protocol, href, username, password } = new URL(value);
  return protocol === 'https:' && username === '' && password === '' ? href : null;
}

/**
 * One item of a messages list. A field that is missing, null or of the wrong type counts as absent; only the id is
 * required. @see https://learn.microsoft.com/graph/api/resources/message
 */
function messageOf(item: unknown, preview: boolean): Message | undefined {
  const fields = record(item);
  const id = text(fields.id);
  if (id === undefined) return undefined;
  return {
    id,
    subject: typeof fields.subject === 'string' ? fields.subject : null,
    from: sender(fields.from),
    receivedAt: instant(fields.receivedDateTime),
    isRead: fields.isRead === true,
    importance: oneOf(fields.importance, ['low', 'normal', 'high'], 'normal'),
    hasAttachments: fields.hasAttachments === true,
    flagged: oneOf(record(fields.flag).flagStatus, ['notFlagged', 'flagged', 'complete'], 'notFlagged'),
    preview: preview && typeof fields.bodyPreview === 'string' ? fields.bodyPreview : null,
    webLink: httpsLink(fields.webLink),
  };
}

/**
 * The newest messages of the configured mail endpoint, at most `top`. It reads further pages only while there are
 * fewer, three pages at most, and only at the endpoint's own origin: a nextLink elsewhere is refused before anything
 * is sent.
 * @throws MicrosoftFailure of the call `messages` @see https://learn.microsoft.com/graph/api/mailfolder-list-messages
 */
export async function listMessages(
  call: GraphCall & MessagesQuery & { readonly mailUrl: string },
): Promise<readonly Message[]> {
  const found = new Map<string, Message>();
  const list = { url: messagesUrl(call.mailUrl, call), call: 'messages', headers: { prefer: 'IdType="ImmutableId"' } };
  for await (const items of graphPages({ ...call, ...list }, mostPages)) {
    for (const item of items) {
      const message = messageOf(item, call.preview);
      if (message !== undefined) found.set(message.id, message);
    }
    if (found.size >= call.top) break;
  }
  return [...found.values()].slice(0, call.top);
}

/**
 * How many items of the folder are unread, including meeting requests.
 * @param call.folderUrl from `folderUrlOf`
 * @throws MicrosoftFailure of the call `folder` @see https://learn.microsoft.com/graph/api/mailfolder-get
 */
export async function readUnreadCount(call: GraphCall & { readonly folderUrl: string }): Promise<number> {
  const reply = await graphGet({ ...call, url: `${call.folderUrl}?$select=unreadItemCount`, call: 'folder' });
  const { json } = reply;
  if (!Value.Check(UnreadFolder, json)) throw malformedReply('folder', reply);
  return json.unreadItemCount;
}
