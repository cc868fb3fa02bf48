import { listMessages, type Message } from '../src/mail.ts';
import { json, type LocalGraph, serveGraph } from './local-graph.ts';

/** A message of which nothing but the id is known. */
export const bare: Message = {
  id: 'i',
  kind: 'message',
  subject: null,
  from: null,
  receivedAt: null,
  isRead: false,
  importance: 'normal',
  hasAttachments: false,
  flagged: 'notFlagged',
  preview: null,
  webLink: null,
};

export const query = { top: 10, unreadOnly: false, preview: true };

type Options = Partial<Parameters<typeof listMessages>[0]>;

/** The messages that Argus reads from this server. */
export const list = (graph: LocalGraph, options: Options = {}) =>
  listMessages({ ...graph.call, ...query, mailUrl: graph.mailUrl, ...options });

/** The messages that Argus reads from a server that answers with this JSON. */
export async function listed(body: unknown, options: Options = {}): Promise<readonly Message[]> {
  return list(await serveGraph(json(body)), options);
}
