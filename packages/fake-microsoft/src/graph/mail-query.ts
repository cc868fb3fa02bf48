import type { GraphMessage } from '../data/mail-item.ts';
import { GraphError } from './graph-error.ts';

type Test = (message: GraphMessage) => boolean;

export interface MailQuery {
  top: number;
  skip: number;
  count: boolean;
  /** Null: every property. */
  select: string[] | null;
  matches: Test;
  descending: boolean;
}

interface Condition {
  property: string;
  test: Test;
}

const messageProperties = new Set([
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'receivedDateTime',
  'sentDateTime',
  'hasAttachments',
  'internetMessageId',
  'subject',
  'bodyPreview',
  'importance',
  'parentFolderId',
  'conversationId',
  'conversationIndex',
  'isDeliveryReceiptRequested',
  'isReadReceiptRequested',
  'isRead',
  'isDraft',
  'webLink',
  'inferenceClassification',
  'body',
  'uniqueBody',
  'internetMessageHeaders',
  'sender',
  'from',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'flag',
]);

/** Reads the OData options of a message list. @throws GraphError 400 */
export function readMailQuery(query: URLSearchParams): MailQuery {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !knownOptions.has(name)) {
      throw new GraphError(400, 'BadRequest', `The query parameter '${name}' is not supported.`);
    }
  }
  const filter = query.get('$filter');
  const search = readSearch(query);
  const conditions = filter === null ? [] : readFilter(filter);
  const order = readOrder(query.get('$orderby'));
  // Exchange sorts a filtered list only by what the filter names first, in the same order.
  if (order !== null && filter !== null && conditions[0]?.property !== 'receivedDateTime') {
    throw new GraphError(400, 'InefficientFilter', 'The restriction or sort order is too complex for this operation.');
  }
  return {
    top: readNumber(query, '$top', 10, 1, 1000),
    skip: readNumber(query, '$skip', 0, 0, Number.MAX_SAFE_INTEGER),
    count: readCount(query.get('$count')),
    select: readSelect(query.get('$select'), messageProperties, 'microsoft.graph.message'),
    matches: (message) => search(message) && conditions.every((condition) => condition.test(message)),
    descending: order !== 'asc' || query.has('$search'),
  };
}

const knownOptions = new Set(['$top', '$skip', '$count', '$select', '$filter', '$orderby', '$search', '$format']);

/** Reads `$search`: words, all of which a message must contain. Exchange neither filters nor sorts what it searches. */
function readSearch(query: URLSearchParams): Test {
  const text = query.get('$search');
  if (text === null) return () => true;
  if (query.has('$orderby')) {
    throw new GraphError(400, 'SearchWithOrderBy', "The query parameter '$orderBy' is not supported with '$search'.");
  }
  if (query.has('$filter')) {
    throw new GraphError(400, 'SearchWithFilter', "The query parameter '$filter' is not supported with '$search'.");
  }
  const words = text.replaceAll('"', '').toLowerCase().split(/\s+/);
  return ({ subject, bodyPreview }) => {
    const found = `${subject} ${bodyPreview}`.toLowerCase();
    return words.every((word) => found.includes(word));
  };
}

/** Reads `$select`. @throws GraphError 400 for a property the type does not have */
export function readSelect(text: string | null, properties: ReadonlySet<string>, type: string): string[] | null {
  if (text === null) return null;
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) {
    throw new GraphError(
      400,
      'BadRequest',
      "Parsing OData Select and Expand failed: Syntax error: empty term in '$select'.",
    );
  }
  return names.map((name) => {
    const known = [...properties].find((property) => property.toLowerCase() === name.toLowerCase());
    if (known === undefined) {
      throw new GraphError(
        400,
        'BadRequest',
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type}'.`,
      );
    }
    return known;
  });
}

function readNumber(query: URLSearchParams, name: string, absent: number, least: number, most: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid value '${text}' for ${name} query option found. The ${name} query option requires an integer value between ${least} and ${most}.`,
    );
  }
  return value;
}

function readCount(text: string | null): boolean {
  if (text === null) return false;
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false') {
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid value '${text}' for $count query option found. Valid values are 'true,false'.`,
    );
  }
  return word === 'true';
}

function readOrder(text: string | null): 'asc' | 'desc' | null {
  if (text === null) return null;
  const match = /^\s*receivedDateTime(\s+(asc|desc))?\s*$/i.exec(text);
  if (match === null) {
    throw new GraphError(400, 'ErrorInvalidUrlQuery', `The sort order '${text}' is not supported by this emulation.`);
  }
  return match[2]?.toLowerCase() === 'desc' ? 'desc' : 'asc';
}

const comparison = /^\s*([A-Za-z]+(?:\/[A-Za-z]+)*)\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|[^\s']+)\s*$/i;

function readFilter(text: string): Condition[] {
  // A quoted literal may contain the word "and", so literals are skipped.
  const terms = text.match(/(?:'(?:[^']|'')*'|(?!\sand\s)[^'])+/gi) ?? [''];
  return terms.map((raw) => {
    const term = raw.replace(/^\s*and\s+/i, '');
    const match = comparison.exec(term);
    if (match === null) throw new GraphError(400, 'BadRequest', `Invalid filter clause: Syntax error in '${text}'.`);
    return readCondition(match[1] ?? '', (match[2] ?? '').toLowerCase(), match[3] ?? '');
  });
}

function readCondition(property: string, operator: string, literal: string): Condition {
  const equality = operator === 'eq' || operator === 'ne';
  const found = conditions.find((entry) => entry.property.toLowerCase() === property.toLowerCase());
  if (found === undefined) {
    throw new GraphError(
      400,
      'RequestBroker--ParseUri',
      `Could not find a property named '${property}' on type 'microsoft.graph.message'.`,
    );
  }
  if (found.kind !== 'time' && !equality) {
    throw new GraphError(400, 'ErrorInvalidUrlQueryFilter', 'The query filter contains one or more invalid nodes.');
  }
  const invalid = () =>
    new GraphError(400, 'BadRequest', `Invalid filter clause: the value ${literal} does not fit '${property}'.`);
  if (found.kind === 'time') {
    const wanted = Date.parse(literal);
    if (literal.startsWith("'") || !/^\d{4}-\d{2}-\d{2}/.test(literal) || Number.isNaN(wanted)) throw invalid();
    return {
      property: found.property,
      test: (message) => {
        const value = found.read(message);
        return typeof value === 'string' && compare(operator, Date.parse(value), wanted);
      },
    };
  }
  if (found.kind === 'boolean') {
    if (!/^(true|false)$/i.test(literal)) throw invalid();
    const wanted = literal.toLowerCase() === 'true';
    return { property: found.property, test: (message) => (found.read(message) === wanted) === (operator === 'eq') };
  }
  if (!literal.startsWith("'")) throw invalid();
  const wanted = literal.slice(1, -1).replaceAll("''", "'").toLowerCase();
  return {
    property: found.property,
    test: (message) => {
      const value = found.read(message);
      return (typeof value === 'string' && value.toLowerCase() === wanted) === (operator === 'eq');
    },
  };
}

const conditions: { property: string; kind: 'boolean' | 'time' | 'text'; read: (message: GraphMessage) => unknown }[] =
  [
    { property: 'isRead', kind: 'boolean', read: (message) => message.isRead },
    { property: 'hasAttachments', kind: 'boolean', read: (message) => message.hasAttachments },
    { property: 'receivedDateTime', kind: 'time', read: (message) => message.receivedDateTime },
    { property: 'importance', kind: 'text', read: (message) => message.importance },
    { property: 'subject', kind: 'text', read: (message) => message.subject },
    { property: 'flag/flagStatus', kind: 'text', read: (message) => message.flag?.flagStatus },
    { property: 'from/emailAddress/address', kind: 'text', read: (message) => message.from?.emailAddress.address },
    { property: 'inferenceClassification', kind: 'text', read: (message) => message.inferenceClassification },
  ];

function compare(operator: string, value: number, wanted: number): boolean {
  switch (operator) {
    case 'eq':
      return value === wanted;
    case 'ne':
      return value !== wanted;
    case 'gt':
      return value > wanted;
    case 'ge':
      return value >= wanted;
    case 'lt':
      return value < wanted;
    default:
      return value <= wanted;
  }
}
