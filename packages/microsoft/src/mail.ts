import Type from 'typebox';
import { Value } from 'typebox/value';
import { MicrosoftFailure } from './fact.ts';
import { type GraphCall, type GraphReply, graphGet, malformedReply } from './graph.ts';
import { type MessagesQuery, messagesUrl } from './messages-url.ts';
import { type Message, readMessage } from './read-message.ts';
import { record, text } from './reply-fields.ts';

export type { Message, MessageKind } from './read-message.ts';

const MessagesPage = Type.Object({ value: Type.Array(Type.Unknown()) });
const UnreadFolder = Type.Object({ unreadItemCount: Type.Integer({ minimum: 0 }) });

const mostPages = 3;

/** The next page's URL, used unchanged and never rebuilt; a relative one is resolved against the page it came with. */
function nextUrl(reply: GraphReply, pageUrl: string): string | undefined {
  const link = text(record(reply.json)['@odata.nextLink']);
  if (link === undefined) return undefined;
  if (!URL.canParse(link, pageUrl)) throw malformedReply('messages', reply);
  // An absolute URL keeps its text, so that egress judges it as it came.
  return URL.canParse(link) ? link : new URL(link, pageUrl).href;
}

/**
 * The messages of a page. An item without an id is skipped; a page on which no item has one is of another shape.
 * @throws MicrosoftFailure where the page is malformed
 */
function messagesOf(reply: GraphReply, preview: boolean): readonly Message[] {
  const { json } = reply;
  if (!Value.Check(MessagesPage, json)) throw malformedReply('messages', reply);
  const messages = json.value.map((item) => readMessage(item, preview)).filter((message) => message !== undefined);
  if (messages.length === 0 && json.value.length > 0) throw malformedReply('messages', reply);
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
  const asked = new Set<string>();
  const headers = { prefer: 'IdType="ImmutableId"' };
  try {
    let url: string | undefined = messagesUrl(call.mailUrl, call);
    while (url !== undefined && found.size < call.top) {
      asked.add(url);
      const reply: GraphReply = await graphGet({ ...call, url, call: 'messages', headers });
      const messages = messagesOf(reply, call.preview);
      for (const message of messages) found.set(message.id, message);
      if (found.size >= call.top) break;
      url = nextUrl(reply, url);
      if (url !== undefined && asked.has(url)) throw malformedReply('messages', reply);
      if (asked.size < mostPages) continue;
      if (url !== undefined && messages.length === 0 && found.size > 0) throw malformedReply('messages', reply);
      break;
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
