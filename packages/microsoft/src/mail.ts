import Type from 'typebox';
import { Value } from 'typebox/value';
import { MicrosoftFailure } from './fact.ts';
import { type GraphCall, type GraphPage, graphGet, graphPages, malformedReply } from './graph.ts';
import { type MessagesQuery, messagesUrl } from './messages-url.ts';
import { type Message, readMessage } from './read-message.ts';

export type { Message, MessageKind } from './read-message.ts';

const UnreadFolder = Type.Object({ unreadItemCount: Type.Integer({ minimum: 0 }) });

const mostPages = 3;

/**
 * The messages of a page. An item without an id is skipped; a page on which no item has one is of another shape.
 * @throws MicrosoftFailure where the page is malformed
 */
function messagesOf({ items, reply }: GraphPage, preview: boolean): readonly Message[] {
  const messages = items.map((item) => readMessage(item, preview)).filter((message) => message !== undefined);
  if (messages.length === 0 && items.length > 0) throw malformedReply('messages', reply);
  return messages;
}

/**
 * The newest messages of the configured mail endpoint, at most `top`. It reads further pages only while there are
 * fewer, three pages at most, none of them twice, and only at the endpoint's own origin: a nextLink elsewhere is refused
 * before anything is sent.
 * @param call.onIncomplete receives why a page after some messages could not be read, or brought nothing though it names
 * another; the messages before it are returned. Without it, such a page fails as the first one does; so does a refused
 * token, which a new one may cure.
 * @throws MicrosoftFailure of the call `messages` @see https://learn.microsoft.com/graph/api/mailfolder-list-messages
 */
export async function listMessages(
  call: GraphCall &
    MessagesQuery & { readonly mailUrl: string; readonly onIncomplete?: (failure: MicrosoftFailure) => void },
): Promise<readonly Message[]> {
  const found = new Map<string, Message>();
  const request = {
    ...call,
    url: messagesUrl(call.mailUrl, call),
    call: 'messages',
    headers: { prefer: 'IdType="ImmutableId"' },
  } as const;
  let pages = 0;
  try {
    for await (const page of graphPages(request, mostPages)) {
      pages += 1;
      const messages = messagesOf(page, call.preview);
      for (const message of messages) if (!(call.unreadOnly && message.isRead)) found.set(message.id, message);
      if (found.size >= call.top) break;
      const isLast = pages === mostPages && page.hasNext;
      if (isLast && messages.length === 0 && found.size > 0) throw malformedReply('messages', page.reply);
    }
  } catch (failure) {
    const isMendable = failure instanceof MicrosoftFailure && failure.fact.status !== 401;
    if (!isMendable || found.size === 0 || !call.onIncomplete) throw failure;
    call.onIncomplete(failure);
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
