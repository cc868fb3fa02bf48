/** What the portlet requests from the mail endpoint. */
export type MessagesQuery = {
  /** 1–50 */
  readonly top: number;
  readonly unreadOnly: boolean;
  readonly preview: boolean;
};

const selected = 'id,subject,from,sender,receivedDateTime,isRead,importance,hasAttachments,flag,webLink';

/** A query's pairs as typed, each with its decoded name; OData accepts `$top` and `top` for the same option. */
function pairsOf(search: string): readonly { readonly name: string; readonly raw: string }[] {
  return search
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => ({ raw, name: [...new URLSearchParams(raw).keys()][0]?.toLowerCase().replace(/^\$/u, '') ?? '' }));
}

function filterOf(typed: string | undefined, unreadOnly: boolean): string | undefined {
  if (typed === undefined && !unreadOnly) return undefined;
  // A property in $orderby must come first in $filter, or Graph answers 400 InefficientFilter.
  const conditions = ['receivedDateTime ge 1900-01-01T00:00:00Z'];
  if (typed !== undefined) conditions.push(`(${typed})`);
  if (unreadOnly) conditions.push('isRead eq false');
  return conditions.join(' and ');
}

/**
 * The URL of the first page: newest first, with only the fields that the portlet shows. Query options that the
 * administrator typed stay, except those that we set; a `$filter` is combined with ours. Beside a `$search` there is no
 * other order and no filter of ours: Graph refuses both, and sorts by date.
 * @param mailUrl the configured 「URL」 @see
 * https://learn.microsoft.com/graph/api/user-list-messages#using-filter-and-orderby-in-the-same-query
 * https://learn.microsoft.com/graph/search-query-parameter
 */
export function messagesUrl(mailUrl: string, query: MessagesQuery): string {
  // The text is split, not parsed and serialized: a parser would repair what egress has to refuse.
  const [, endpoint = '', search = ''] = /^([^?#]*)(?:\?([^#]*))?/u.exec(mailUrl) ?? [];
  const typed = pairsOf(search);
  const isSearch = typed.some(({ name }) => name === 'search');
  const typedFilter = typed.find(({ name }) => name === 'filter')?.raw;
  const filter = filterOf(
    typedFilter === undefined ? undefined : [...new URLSearchParams(typedFilter).values()][0],
    query.unreadOnly && !isSearch,
  );
  const ours = [
    ['select', query.preview ? `${selected},bodyPreview` : selected],
    ['top', String(query.top)],
    ...(filter === undefined ? [] : [['filter', filter]]),
    ...(isSearch ? [] : [['orderby', 'receivedDateTime desc']]),
  ] as const;
  const reserved = new Set(['select', 'top', 'filter', 'orderby']);
  const kept = typed.filter(({ name }) => !reserved.has(name)).map(({ raw }) => raw);
  // Not URLSearchParams: it writes a space as `+`, which OData need not accept as one.
  const added = ours.map(([name, value]) => `$${name}=${encodeURIComponent(value ?? '').replaceAll('%2C', ',')}`);
  return `${endpoint}?${[...kept, ...added].join('&')}`;
}

/**
 * The folder of a messages URL, as `…/mailFolders/inbox` or `…/mailFolders('inbox')`; undefined for a URL of another
 * form, such as `/me/messages`, which spans all folders.
 */
export function folderUrlOf(mailUrl: string): string | undefined {
  return /^([^?#]*\/mailFolders(?:\/[^/?#]+|\([^/?#]+\)))\/messages\/?(?:[?#]|$)/iu.exec(mailUrl)?.[1];
}

/** Folders that every mailbox has, by their names in every language. */
const everywhere = 'inbox|drafts|sentitems|deleteditems|junkemail|outbox|msgfolderroot';
const standardPath = new RegExp(
  `^https?://[^/?#]+/(?:v1\\.0|beta)/me(?:/mailFolders(?:/(?:${everywhere})|\\('(?:${everywhere})'\\)))?/messages/?(?:[?#]|$)`,
  'iu',
);

/** Whether the path of a mail URL is one that Graph has for everybody: it is not misspelt, and the folder exists. */
export function hasStandardPath(mailUrl: string): boolean {
  return standardPath.test(mailUrl);
}

/** Whether an administrator typed a query in a mail URL. Argus adds its own, which Graph knows. */
export function hasTypedQuery(mailUrl: string): boolean {
  return /^[^?#]*\?[^#]/u.test(mailUrl);
}
