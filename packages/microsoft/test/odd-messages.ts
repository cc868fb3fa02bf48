import type { Message } from '../src/mail.ts';

interface OddMessage {
  readonly name: string;
  /** The item as Graph sends it, without its id. */
  readonly item: Readonly<Record<string, unknown>>;
  /** What differs from `bare`. */
  readonly expected: Partial<Message>;
}

const teams = { name: 'Microsoft Teams', address: null };
const hanako = { name: '佐藤 花子', address: 'hanako.sato@contoso.example' };

/** Messages as mailboxes really have them, and the message that each is read as. */
export const oddMessages: readonly OddMessage[] = [
  {
    name: 'field E1: from null, and a sender with a name only',
    item: { subject: '新しい投稿', from: null, sender: { emailAddress: { name: 'Microsoft Teams' } } },
    expected: { subject: '新しい投稿', from: teams },
  },
  {
    name: 'field E1: no from at all, as in a draft or a notice of the system',
    item: { isDraft: true, sender: { emailAddress: hanako } },
    expected: { from: hanako },
  },
  {
    name: 'field E1: from with empty strings',
    item: { from: { emailAddress: { name: '', address: '' } }, sender: { emailAddress: hanako } },
    expected: { from: hanako },
  },
  {
    name: 'field E1: from with blanks and invisible characters only',
    item: { from: { emailAddress: { name: ' \u3000\u200b', address: '\ufeff' } }, sender: { emailAddress: hanako } },
    expected: { from: hanako },
  },
  {
    name: 'field E1: from without an emailAddress',
    item: { from: { emailAddress: null }, sender: { emailAddress: hanako } },
    expected: { from: hanako },
  },
  {
    name: 'field E1: from of another shape',
    item: { from: 'Microsoft Teams', sender: { emailAddress: { name: 'Microsoft Teams', address: null } } },
    expected: { from: teams },
  },
  {
    name: 'field E1: from stays where both are given: sent on behalf of somebody',
    item: {
      from: { emailAddress: hanako },
      sender: { emailAddress: { name: '秘書', address: 'hisho@contoso.example' } },
    },
    expected: { from: hanako },
  },
  {
    name: 'field E1: a name of blanks beside an address is none',
    item: { from: { emailAddress: { name: '  ', address: 'a@b.example' } } },
    expected: { from: { name: null, address: 'a@b.example' } },
  },
  {
    name: 'field E1: neither from nor sender',
    item: { from: null, sender: null },
    expected: {},
  },
  {
    name: 'field E2: a meeting request without subject, importance in capitals, isRead null',
    item: {
      '@odata.type': '#microsoft.graph.eventMessageRequest',
      subject: null,
      importance: 'High',
      isRead: null,
      meetingMessageType: 'meetingRequest',
    },
    expected: { kind: 'meetingRequest', importance: 'high' },
  },
  {
    name: 'field E2: a meeting request by its type alone, as the list of messages sends it',
    item: { '@odata.type': '#microsoft.graph.eventMessageRequest', subject: '定例会議' },
    expected: { kind: 'meetingRequest', subject: '定例会議' },
  },
  {
    name: 'field E2: a response by its type alone',
    item: { '@odata.type': '#microsoft.graph.eventMessageResponse', subject: '承諾: 定例会議' },
    expected: { kind: 'meetingResponse', subject: '承諾: 定例会議' },
  },
  {
    name: 'field E2: a cancellation says so in meetingMessageType only',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'meetingCancelled' },
    expected: { kind: 'meetingCancellation' },
  },
  {
    name: 'field E2: an acceptance',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'meetingAccepted' },
    expected: { kind: 'meetingResponse' },
  },
  {
    name: 'field E2: a tentative acceptance, as Graph misspells it',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'meetingTenativelyAccepted' },
    expected: { kind: 'meetingResponse' },
  },
  {
    name: 'field E2: a tentative acceptance, spelled right',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'MeetingTentativelyAccepted' },
    expected: { kind: 'meetingResponse' },
  },
  {
    name: 'field E2: a decline',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'meetingDeclined' },
    expected: { kind: 'meetingResponse' },
  },
  {
    name: 'field E2: meetingMessageType without a type',
    item: { meetingMessageType: 'meetingRequest' },
    expected: { kind: 'meetingRequest' },
  },
  {
    name: 'field E2: an event message that says no more is about a meeting',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: null },
    expected: { kind: 'meetingNotice' },
  },
  {
    name: 'field E2: an event message of a meetingMessageType that is not known yet',
    item: { '@odata.type': '#microsoft.graph.eventMessage', meetingMessageType: 'meetingForwarded' },
    expected: { kind: 'meetingNotice' },
  },
  {
    name: 'field E2: meetingMessageType none of a request does not hide its type',
    item: { '@odata.type': '#microsoft.graph.eventMessageRequest', meetingMessageType: 'none' },
    expected: { kind: 'meetingRequest' },
  },
  {
    name: 'field E2: a type in full, in other case and of the former namespace',
    item: { '@odata.type': 'https://graph.microsoft.com/v1.0/$metadata#Microsoft.OutlookServices.EventMessageRequest' },
    expected: { kind: 'meetingRequest' },
  },
  {
    name: 'field E2: @type, as OData 4.01 writes it',
    item: { '@type': '#microsoft.graph.eventMessageResponse' },
    expected: { kind: 'meetingResponse' },
  },
  {
    name: 'field E2: an ordinary message that states its type',
    item: { '@odata.type': '#microsoft.graph.message', meetingMessageType: null },
    expected: {},
  },
  {
    name: 'field E2: a type that is not known yet is a message',
    item: { '@odata.type': '#microsoft.graph.calendarSharingMessage', subject: '予定表の共有' },
    expected: { subject: '予定表の共有' },
  },
  {
    name: 'field E2: a type and a meetingMessageType of the wrong type',
    item: { '@odata.type': 7, meetingMessageType: {} },
    expected: {},
  },
  {
    name: 'field E2: enumerations in other case',
    item: { importance: 'LOW', flag: { flagStatus: 'Flagged' } },
    expected: { importance: 'low', flagged: 'flagged' },
  },
  {
    name: 'field E2: enumerations in other case, each of them',
    item: { importance: 'Normal', flag: { flagStatus: 'COMPLETE' } },
    expected: { flagged: 'complete' },
  },
  {
    name: 'field E2: enumerations that are not known yet',
    item: { importance: 'unknownFutureValue', flag: { flagStatus: 'snoozed' } },
    expected: {},
  },
  {
    name: 'field E2: a time without an offset is UTC, wherever the server is',
    item: { receivedDateTime: '2026-11-20T01:02:03' },
    expected: { receivedAt: '2026-11-20T01:02:03.000Z' },
  },
  {
    name: 'field E2: a time with seven digits and without an offset',
    item: { receivedDateTime: '2026-11-20T01:02:03.1234567' },
    expected: { receivedAt: '2026-11-20T01:02:03.123Z' },
  },
  {
    name: 'field E2: a time with an offset',
    item: { receivedDateTime: '2026-11-20T10:02:03.5+09:00' },
    expected: { receivedAt: '2026-11-20T01:02:03.500Z' },
  },
  {
    name: 'field E2: a time with an offset without a colon',
    item: { receivedDateTime: '2026-11-20T10:02:03+0900' },
    expected: { receivedAt: '2026-11-20T01:02:03.000Z' },
  },
  {
    name: 'field E2: the year 0001 is no time',
    item: { receivedDateTime: '0001-01-01T00:00:00Z' },
    expected: {},
  },
  {
    name: 'field E2: the year 1601 is no time',
    item: { receivedDateTime: '1601-01-01T00:00:00Z' },
    expected: {},
  },
  {
    name: 'field E2: the start of 1970 is no time',
    item: { receivedDateTime: '1970-01-01T00:00:00Z' },
    expected: {},
  },
  {
    name: 'field E2: the end of the year 9999 is no time',
    item: { receivedDateTime: '9999-12-31T23:59:59.9999999Z' },
    expected: {},
  },
  {
    name: 'field E2: a time beyond the year 9999 by its offset is none',
    item: { receivedDateTime: '9999-12-31T23:59:59-14:00' },
    expected: {},
  },
  {
    name: 'field E2: a day that no calendar has is no time',
    item: { receivedDateTime: '2026-02-30T00:00:00Z' },
    expected: {},
  },
  {
    name: 'field E2: a date alone is no time',
    item: { receivedDateTime: '2026-11-20' },
    expected: {},
  },
  {
    name: 'field E2: a subject of 10,000 characters stays whole',
    item: { subject: '長'.repeat(10_000) },
    expected: { subject: '長'.repeat(10_000) },
  },
  {
    name: 'field E2: an empty subject stays empty',
    item: { subject: '' },
    expected: { subject: '' },
  },
  {
    name: 'field E2: half a character in a subject stays a subject',
    item: { subject: '件名\ud83d' },
    expected: { subject: '件名\ud83d' },
  },
  {
    name: 'field E2: a link without TLS',
    item: { webLink: 'http://outlook.office365.com/owa/?ItemID=1' },
    expected: {},
  },
  {
    name: 'field E2: a link that is a script',
    item: { webLink: ' JavaScript:alert(1)' },
    expected: {},
  },
  {
    name: 'field E2: booleans as text or numbers are none',
    item: { isRead: 'true', hasAttachments: 1 },
    expected: {},
  },
];
