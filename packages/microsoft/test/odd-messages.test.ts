import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { readMessage } from '../src/read-message.ts';
import { bare, list, listed } from './list-mail.ts';
import { closeAll, factOf, json, serveGraph } from './local-graph.ts';
import { oddMessages } from './odd-messages.ts';

afterEach(closeAll);

describe('odd messages', () => {
  test.each(oddMessages.map(({ name, ...message }) => [name, message] as const))(
    '%s',
    async (_, { item, expected }) => {
      expect(await listed({ value: [{ id: 'i', ...item }] })).toEqual([{ ...bare, ...expected }]);
    },
  );

  test('field E1: the sender is asked for', async () => {
    const graph = await serveGraph(json({ value: [] }));
    await list(graph, { top: 5, preview: false });
    const asked = new URL(graph.requests[0]?.url ?? '', graph.origin).searchParams.get('$select');
    expect(asked).toBe('id,subject,from,sender,receivedDateTime,isRead,importance,hasAttachments,flag,webLink');
  });

  test('field E2: the time zone of the server changes no time', async () => {
    const before = process.env.TZ;
    process.env.TZ = 'Asia/Tokyo';
    try {
      const [message] = await listed({ value: [{ id: 'i', receivedDateTime: '2026-11-20T01:02:03' }] });
      expect(message?.receivedAt).toBe('2026-11-20T01:02:03.000Z');
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test('field E2: ids of any characters stay distinct, and each is listed once', async () => {
    const ids = ['__proto__', 'constructor', ' ', 'a/b?c#d', 'AAMk=', 'aamk=', '\ud83d', '絵文字🎉', 'x'.repeat(5000)];
    const value = [...ids, ...ids].map((id) => ({ id }));
    expect((await listed({ value }, { top: 50 })).map(({ id }) => id)).toEqual(ids);
  });

  test('field E2: more items than were asked for are cut', async () => {
    const value = Array.from({ length: 1000 }, (_, index) => ({ id: `m${index}` }));
    expect((await listed({ value }, { top: 3 })).map(({ id }) => id)).toEqual(['m0', 'm1', 'm2']);
  });
});

describe('items of another shape', () => {
  test.each([
    ['names in capitals', [{ Id: 'AAMk1', Subject: 'x', IsRead: false }]],
    ['empty objects', [{}]],
    [
      'ids that are null or empty',
      [
        { id: null, subject: 'x' },
        { id: '', subject: 'y' },
      ],
    ],
    ['ids that are numbers', [{ id: 1, subject: 'x' }]],
    ['nulls', [null, null]],
    ['texts', ['AAMk1', 'AAMk2']],
    ['lists', [[{ id: 'AAMk1' }]]],
  ])('field A9: %s: a list in which no item has an id is malformed, not empty', async (_, value) => {
    const fact = await factOf(listed({ value }, { preview: false }));
    expect(fact).toMatchObject({ call: 'messages', kind: 'malformed', status: 200 });
  });

  test('field A9: an empty list is empty, and one item with an id is shown without those that have none', async () => {
    expect(await listed({ value: [] })).toEqual([]);
    expect(await listed({ value: [{ Id: 'AAMk1' }, null, { id: 'i' }] })).toEqual([bare]);
  });
});

describe('any item', () => {
  const names = [
    '@odata.type',
    '@type',
    'meetingMessageType',
    'id',
    'subject',
    'from',
    'sender',
    'receivedDateTime',
    'isRead',
    'importance',
    'hasAttachments',
    'flag',
    'bodyPreview',
    'webLink',
  ];
  const given = oddMessages.flatMap(({ item }) => Object.values(item));
  const field = fc.oneof(fc.constantFrom(...given), fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }));
  const item = fc.dictionary(fc.constantFrom(...names), field, { noNullPrototype: true });

  test('field E2: no item makes the parser throw, and every message has the form that the portlet promises', () => {
    fc.assert(
      fc.property(fc.oneof(item, fc.jsonValue()), fc.boolean(), (drawn, preview) => {
        const message = readMessage(drawn, preview);
        if (message === undefined) return;
        expect(Object.keys(message).sort()).toEqual(Object.keys(bare).sort());
        expect(message.id).not.toBe('');
        expect(message.receivedAt ?? '2026-01-01T00:00:00.000Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
        expect(message.webLink ?? 'https://').toMatch(/^https:\/\//u);
        expect(['low', 'normal', 'high']).toContain(message.importance);
        expect(['notFlagged', 'flagged', 'complete']).toContain(message.flagged);
        if (!preview) expect(message.preview).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});
