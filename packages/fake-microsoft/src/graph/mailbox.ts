import type { DirectoryUser } from '../data/demo-company.ts';
import { folderId, type GraphMessage, type MailItem } from '../data/mail-item.ts';
import type { World } from '../world.ts';
import { accessDenied, GraphError, itemNotFound } from './graph-error.ts';
import { readMailQuery, readSelect } from './mail-query.ts';

export interface MailCall {
  world: World;
  user: DirectoryUser;
  /** The user's name in `@odata.context`. */
  owner: string;
  /** Path as the client wrote it, for the next link. */
  path: string;
  query: URLSearchParams;
  /** False under Mail.ReadBasic: no body, no preview. */
  mayReadBody: boolean;
  immutableIds: boolean;
  textBody: boolean;
}

const wellKnownFolders: Record<string, string> = {
  inbox: '受信トレイ',
  sentitems: '送信済みアイテム',
  drafts: '下書き',
  deleteditems: '削除済みアイテム',
  junkemail: '迷惑メール',
  archive: 'アーカイブ',
  outbox: '送信トレイ',
};

const folderProperties = new Set([
  'id',
  'displayName',
  'parentFolderId',
  'childFolderCount',
  'unreadItemCount',
  'totalItemCount',
  'sizeInBytes',
  'isHidden',
]);

const bodyProperties = ['body', 'bodyPreview', 'uniqueBody'];

/** @throws GraphError 404 where the user has no Exchange mailbox */
export function requireMailbox(user: DirectoryUser): void {
  if (!user.hasMailbox) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
}

/**
 * The permissions to read mail at all, and whether with the text.
 * @throws GraphError 403
 */
export function mailAccess(permissions: ReadonlySet<string>): { mayReadBody: boolean } {
  const has = (...names: string[]) => names.some((name) => permissions.has(name));
  if (has('Mail.Read', 'Mail.ReadWrite', 'Mail.Read.Shared', 'Mail.ReadWrite.Shared')) return { mayReadBody: true };
  if (has('Mail.ReadBasic', 'Mail.ReadBasic.All')) return { mayReadBody: false };
  throw accessDenied();
}

/** The name of a folder, from a well-known name in any letter case or from its id. @throws GraphError 404 */
export function findFolder(user: DirectoryUser, nameOrId: string): string {
  const wanted = nameOrId.toLowerCase();
  for (const name of Object.keys(wellKnownFolders)) {
    // Names ignore letter case, ids do not.
    if (name === wanted || folderId(user.oid, name) === nameOrId) return name;
  }
  throw itemNotFound();
}

/** GET …/mailFolders */
export function listFolders(call: MailCall): Record<string, unknown> {
  const select = readSelect(call.query.get('$select'), folderProperties, 'microsoft.graph.mailFolder');
  return {
    '@odata.context': `${call.world.graphUrl}/v1.0/$metadata#users('${call.owner}')/mailFolders`,
    value: Object.keys(wellKnownFolders).map((name) => pick(describeFolder(call, name), select)),
  };
}

/** GET …/mailFolders/{folder} */
export function getFolder(call: MailCall, folder: string): Record<string, unknown> {
  const select = readSelect(call.query.get('$select'), folderProperties, 'microsoft.graph.mailFolder');
  const suffix = select === null ? '' : `(${select.join(',')})`;
  return {
    '@odata.context': `${call.world.graphUrl}/v1.0/$metadata#users('${call.owner}')/mailFolders${suffix}/$entity`,
    ...pick(describeFolder(call, folder), select),
  };
}

function describeFolder({ world, user }: MailCall, folder: string): Record<string, unknown> {
  const items = (world.state.mailboxes[user.oid] ?? []).filter((item) => item.folder === folder);
  return {
    id: folderId(user.oid, folder),
    displayName: wellKnownFolders[folder],
    parentFolderId: folderId(user.oid, 'msgfolderroot'),
    childFolderCount: 0,
    unreadItemCount: items.filter((item) => item.message.isRead === false).length,
    totalItemCount: items.length,
    sizeInBytes: items.length * 24_000,
    isHidden: false,
  };
}

/** GET …/messages; `folder` null means the whole mailbox, deleted items included. */
export function listMessages(call: MailCall, folder: string | null): Record<string, unknown> {
  const { world, user, query } = call;
  const asked = readMailQuery(query);
  const all = (world.state.mailboxes[user.oid] ?? []).filter(
    (item) => (folder === null || item.folder === folder) && (item.raw !== undefined || asked.matches(item.message)),
  );
  all.sort((a, b) => {
    const order = receivedAt(a.message) - receivedAt(b.message);
    return asked.descending ? -order : order;
  });
  const page = all.slice(asked.skip, asked.skip + asked.top);
  const rest = asked.skip + page.length < all.length;
  const place = folder === null ? 'messages' : `mailFolders('${encodeURIComponent(folder)}')/messages`;
  const suffix = asked.select === null ? '' : `(${asked.select.join(',')})`;
  return {
    '@odata.context': `${world.graphUrl}/v1.0/$metadata#users('${encodeURIComponent(call.owner)}')/${place}${suffix}`,
    ...(asked.count ? { '@odata.count': all.length } : {}),
    value: page.map((item) => (item.raw === undefined ? present(call, item, asked.select) : item.raw)),
    ...(rest ? { '@odata.nextLink': nextLink(call, asked.skip + page.length) } : {}),
  };
}

/**
 * GET …/messages/{id}, by either kind of id.
 * @throws GraphError 400, 404
 */
export function getMessage(call: MailCall, id: string): Record<string, unknown> {
  if (!/^[\w-]{20,}={0,2}$/.test(id)) throw new GraphError(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
  const item = (call.world.state.mailboxes[call.user.oid] ?? []).find(
    (entry) => entry.message.id === id || entry.immutableId === id,
  );
  if (item === undefined) throw itemNotFound();
  const { select } = readMailQuery(call.query);
  const suffix = select === null ? '' : `(${select.join(',')})`;
  return {
    '@odata.context': `${call.world.graphUrl}/v1.0/$metadata#users('${encodeURIComponent(call.owner)}')/messages${suffix}/$entity`,
    ...present(call, item, select),
  };
}

function present(call: MailCall, item: MailItem, select: string[] | null): Record<string, unknown> {
  const message: Record<string, unknown> = { ...item.message };
  if (call.immutableIds) message.id = item.immutableId;
  if (call.textBody && item.message.body !== null) {
    message.body = { contentType: 'text', content: item.message.bodyPreview ?? '' };
  }
  if (!call.mayReadBody) for (const property of bodyProperties) delete message[property];
  return {
    '@odata.etag': `W/"${item.message.changeKey}"`,
    ...pick(message, select === null ? null : ['@odata.type', 'id', ...select]),
  };
}

function pick(value: Record<string, unknown>, names: string[] | null): Record<string, unknown> {
  if (names === null) return value;
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(value).filter(([key]) => wanted.has(key)));
}

function nextLink({ world, path, query }: MailCall, skip: number): string {
  const next = new URLSearchParams(query);
  next.set('$skip', String(skip));
  // Graph leaves `$` unencoded and writes blanks as %20.
  const text = next.toString().replaceAll('%24', '$').replaceAll('+', '%20');
  return `${world.graphUrl}${path}?${text}`;
}

function receivedAt(message: GraphMessage): number {
  const at = Date.parse(message.receivedDateTime ?? '');
  return Number.isNaN(at) ? 0 : at;
}
