import Type from 'typebox';
import { Value } from 'typebox/value';
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
 * The newest messages of the configured mail endpoint, at most `top`. It reads further pages only while there are
 * fewer, three pages at most, and only at the endpoint's own origin: a nextLink elsewhere is refused before anything
 * is sent. An item without an id is skipped; a page on which no item has one is of another shape, and malformed.
 * @throws MicrosoftFailure of the call `messages` @see https://learn.microsoft.com/graph/api/mailfolder-list-messages
 */
export async function listMessages(
  call: GraphCall & MessagesQuery & { readonly mailUrl: string },
): Promise<readonly Message[]> {
  const found = new Map<string, Message>();
  let url: string | undefined = messagesUrl(call.mailUrl, call);
  for (let page = 0; url !== undefined && page < mostPages && found.size < call.top; page += 1) {
    const reply: GraphReply = await graphGet({
      ...call,
      url,
      call: 'messages',
      headers: { prefer: 'IdType="ImmutableId"' },
    });
    const { json } = reply;
    if (!Value.Check(MessagesPage, json)) throw malformedReply('messages', reply);
    const read = json.value.map((item) => readMessage(item, call.preview)).filter((message) => message !== undefined);
    if (read.length === 0 && json.value.length > 0) throw malformedReply('messages', reply);
    for (const message of read) found.set(message.id, message);
    url = nextUrl(reply, url);
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
