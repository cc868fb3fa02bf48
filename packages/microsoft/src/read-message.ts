import { record, text } from './reply-fields.ts';

/**
 * What a message is about. `meetingNotice`: about a meeting, and Graph does not say what. An acceptance, a tentative
 * acceptance and a decline are all a `meetingResponse`.
 */
export type MessageKind = 'message' | 'meetingRequest' | 'meetingResponse' | 'meetingCancellation' | 'meetingNotice';

/** A message, as the portlet needs it. */
export type Message = {
  /** Immutable id: survives a move within the mailbox. */
  readonly id: string;
  readonly kind: MessageKind;
  readonly subject: string | null;
  /** Whose message it is; where Graph does not say so, who sent it. */
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

/** By the last part of `@odata.type`. */
const kindsOfTypes: Readonly<Record<string, MessageKind>> = {
  eventmessage: 'meetingNotice',
  eventmessagerequest: 'meetingRequest',
  eventmessageresponse: 'meetingResponse',
};

/** By `meetingMessageType`. Graph itself misspells `meetingTenativelyAccepted`. */
const kindsOfMeetings: Readonly<Record<string, MessageKind>> = {
  meetingrequest: 'meetingRequest',
  meetingcancelled: 'meetingCancellation',
  meetingaccepted: 'meetingResponse',
  meetingtenativelyaccepted: 'meetingResponse',
  meetingtentativelyaccepted: 'meetingResponse',
  meetingdeclined: 'meetingResponse',
};

const visible = /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u;
/** OData's DateTimeOffset, also without its offset. */
const dateAndTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/iu;
/** The last day that .NET has: it stands for "no time". */
const endOfTime = Date.UTC(9999, 11, 31);

/** A word that OData compares without case, in lower case. */
function word(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function found<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function oneOf<T extends string>(value: unknown, known: readonly T[], otherwise: T): T {
  return known.find((candidate) => candidate.toLowerCase() === word(value)) ?? otherwise;
}

/**
 * `meetingMessageType` says it exactly but cannot be selected in a list of messages; `@odata.type` comes with every item
 * that is more than a message. @see https://learn.microsoft.com/graph/api/resources/eventmessage
 */
function kindOf(fields: Readonly<Record<string, unknown>>): MessageKind {
  const type = word(fields['@odata.type'] ?? fields['@type'])
    .split(/[#.]/u)
    .at(-1);
  return found(kindsOfMeetings, word(fields.meetingMessageType)) ?? found(kindsOfTypes, type ?? '') ?? 'message';
}

/**
 * Graph's times are UTC, whether or not they say so. The zeros of clocks (the years 1, 1601 and 1970) and the end of
 * the year 9999 mean that there is no time.
 */
function instant(value: unknown): string | null {
  const [, date, clock, offset] = (typeof value === 'string' && dateAndTime.exec(value)) || [];
  if (date === undefined || !isDay(date)) return null;
  const zone = offset?.replace(/^([+-]\d\d):?(\d\d)$/u, '$1:$2').toUpperCase() ?? 'Z';
  const time = Date.parse(`${date}T${clock}${zone}`);
  return time > 0 && time < endOfTime ? new Date(time).toISOString() : null;
}

/** Whether the calendar has this day: JavaScript reads 30 February as 2 March. */
function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function shown(value: unknown): string | null {
  return typeof value === 'string' && visible.test(value) ? value : null;
}

function recipient(value: unknown): Message['from'] {
  const { name, address } = record(record(value).emailAddress);
  const read = { name: shown(name), address: shown(address) };
  return read.name === null && read.address === null ? null : read;
}

function httpsLink(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const { protocol, href, username, password } = new URL(value);
  return protocol === 'https:' && username === '' && password === '' ? href : null;
}

/**
 * One item of a messages list; undefined where it has no id. Any other field that is missing, null or of the wrong type
 * counts as absent. @see https://learn.microsoft.com/graph/api/resources/message
 */
export function readMessage(item: unknown, preview: boolean): Message | undefined {
  const fields = record(item);
  const id = text(fields.id);
  if (id === undefined) return undefined;
  return {
    id,
    kind: kindOf(fields),
    subject: typeof fields.subject === 'string' ? fields.subject : null,
    // Posts of Teams and other services only have a sender.
    from: recipient(fields.from) ?? recipient(fields.sender),
    receivedAt: instant(fields.receivedDateTime),
    isRead: fields.isRead === true,
    importance: oneOf(fields.importance, ['low', 'normal', 'high'], 'normal'),
    hasAttachments: fields.hasAttachments === true,
    flagged: oneOf(record(fields.flag).flagStatus, ['notFlagged', 'flagged', 'complete'], 'notFlagged'),
    preview: preview && typeof fields.bodyPreview === 'string' ? fields.bodyPreview : null,
    webLink: httpsLink(fields.webLink),
  };
}
