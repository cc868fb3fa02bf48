import type { RequestListener } from 'node:http';
import { startDeadline } from '@argus/egress/deadline';
import { afterEach, describe, expect, test } from 'vitest';
import type { MicrosoftFailure } from '../src/fact.ts';
import { readUnreadCount } from '../src/mail.ts';
import { folderUrlOf, messagesUrl } from '../src/messages-url.ts';
import { bare, list, listed, query } from './list-mail.ts';
import { closeAll, factOf, json, type LocalGraph, serveGraph } from './local-graph.ts';

afterEach(closeAll);

// Shape and values of the sample in Microsoft's documentation of the message resource.
const sample = {
  '@odata.etag': 'W/"CQAAABYAAAC4ofQHEIqCSbQPot83AFcbAAAnjjuZ"',
  id: 'AAMkADhMGAAA=',
  createdDateTime: '2018-09-09T03:15:05Z',
  receivedDateTime: '2018-09-09T03:15:08Z',
  hasAttachments: true,
  subject: '9/9/2018: concert',
  bodyPreview: 'The group represents Nevada.',
  importance: 'high',
  isRead: true,
  webLink: 'https://outlook.office365.com/owa/?ItemID=AAMkADMGAAA%3D&exvsurl=1&viewmodel=ReadMessageItem',
  inferenceClassification: 'focused',
  sender: { emailAddress: { name: 'Adele Vance', address: 'adelev@contoso.OnMicrosoft.com' } },
  from: { emailAddress: { name: 'Adele Vance', address: 'adelev@contoso.OnMicrosoft.com' } },
  flag: { flagStatus: 'flagged', dueDateTime: { dateTime: '2018-09-10T00:00:00', timeZone: 'UTC' } },
};

const parsed = (item: unknown, options = {}) => listed({ '@odata.context': 'x', value: [item] }, options);

describe('messages', () => {
  test('the documented sample is read', async () => {
    expect(await parsed(sample)).toEqual([
      {
        id: 'AAMkADhMGAAA=',
        kind: 'message',
        subject: '9/9/2018: concert',
        from: { name: 'Adele Vance', address: 'adelev@contoso.OnMicrosoft.com' },
        receivedAt: '2018-09-09T03:15:08.000Z',
        isRead: true,
        importance: 'high',
        hasAttachments: true,
        flagged: 'flagged',
        preview: 'The group represents Nevada.',
        webLink: 'https://outlook.office365.com/owa/?ItemID=AAMkADMGAAA%3D&exvsurl=1&viewmodel=ReadMessageItem',
      },
    ]);
  });

  test('ids are asked for as immutable ones', async () => {
    const graph = await serveGraph(json({ value: [] }));
    expect(await list(graph)).toEqual([]);
    expect(graph.requests[0]?.headers.prefer).toBe('IdType="ImmutableId"');
  });

  test('missing fields count as absent', async () => {
    expect(await parsed({ id: 'i' })).toEqual([bare]);
  });

  test('null fields count as absent', async () => {
    const nulls = Object.fromEntries(Object.keys(sample).map((name) => [name, null]));
    expect(await parsed({ ...nulls, id: 'i' })).toEqual([bare]);
  });

  test.each([7, true, [], {}, 'x', ['x'], { emailAddress: 'x' }])(
    'fields of type %j count as absent',
    async (wrong) => {
      const isWrong = (name: string) => typeof wrong === 'object' || typeof wrong !== typeof Reflect.get(sample, name);
      const fields = Object.keys(sample).filter((name) => name !== 'id' && isWrong(name));
      const [message] = await parsed({ ...Object.fromEntries(fields.map((name) => [name, wrong])), id: 'i' });
      expect(message).toEqual(bare);
    },
  );

  test('unknown enumeration values fall back', async () => {
    const [message] = await parsed({ id: 'i', importance: 'urgent', flag: { flagStatus: 'someday' } });
    expect(message).toMatchObject({ importance: 'normal', flagged: 'notFlagged' });
  });

  test.each([
    [{ emailAddress: { name: 'Only name' } }, { name: 'Only name', address: null }],
    [{ emailAddress: { name: '', address: 'a@b.example' } }, { name: null, address: 'a@b.example' }],
    [{ emailAddress: { name: '', address: '' } }, null],
    [{ emailAddress: null }, null],
  ])('a sender %j', async (from, expected) => {
    expect(await parsed({ id: 'i', from })).toMatchObject([{ from: expected }]);
  });

  test.each([
    'http://outlook.office365.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://user@outlook.office365.com/',
    '/relative',
    'https://',
  ])('the link %s is dropped', async (webLink) => {
    expect(await parsed({ id: 'i', webLink })).toMatchObject([{ webLink: null }]);
  });

  test.each([
    ['2018-09-09T03:15:08.1234567Z', '2018-09-09T03:15:08.123Z'],
    ['2018-09-09T12:15:08+09:00', '2018-09-09T03:15:08.000Z'],
    ['2018-13-45T99:00:00Z', null],
    ['yesterday', null],
    ['2018', null],
  ])('the time %s', async (receivedDateTime, expected) => {
    expect(await parsed({ id: 'i', receivedDateTime })).toMatchObject([{ receivedAt: expected }]);
  });

  test('an empty subject stays empty, a long one stays whole', async () => {
    expect(await parsed({ id: 'i', subject: '' })).toMatchObject([{ subject: '' }]);
    expect(await parsed({ id: 'i', subject: '長'.repeat(10_000) })).toMatchObject([{ subject: '長'.repeat(10_000) }]);
  });

  test('a preview that was not asked for is dropped', async () => {
    expect(await parsed(sample, { preview: false })).toMatchObject([{ preview: null }]);
  });

  test('items without an id and malformed items are skipped, and a repeated one is kept once', async () => {
    const graph = await serveGraph(
      json({ value: [{ subject: 'x' }, null, 'x', 7, [], { id: 7 }, { id: 'i' }, { id: 'i' }] }),
    );
    expect(await list(graph)).toEqual([bare]);
  });

  test('__proto__ in a reply is harmless', async () => {
    const graph = await serveGraph((_request, response) => {
      const body = '{"value":[{"id":"i","__proto__":{"subject":"polluted"},"constructor":1}]}';
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    expect(await list(graph)).toEqual([bare]);
    expect(Reflect.get({}, 'subject')).toBeUndefined();
  });

  test.each([{}, { value: null }, { value: {} }, { value: 'x' }, [], null, 'x'])(
    'U05: %j is malformed',
    async (body) => {
      const graph = await serveGraph(json(body));
      expect(await factOf(list(graph))).toMatchObject({ call: 'messages', kind: 'malformed', status: 200 });
    },
  );
});

describe('paging', () => {
  const items = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `m${from + index}` }));

  test('a full page needs no next one, and more items than asked for are cut', async () => {
    const graph = await serveGraph(json({ value: items(0, 12), '@odata.nextLink': 'https://evil.test/' }));
    expect(await list(graph)).toHaveLength(10);
    expect(graph.requests).toHaveLength(1);
  });

  test('a short page is continued by its nextLink, unchanged', async () => {
    const graph = await serveGraph((request, response) => {
      const next = `${graph.origin}/next?%24skiptoken=a%2Fb&x=1`;
      const first = { value: items(0, 4), '@odata.nextLink': next };
      json(request.url?.startsWith('/next') ? { value: items(4, 4) } : first)(request, response);
    });
    expect((await list(graph)).map(({ id }) => id)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
    expect(graph.requests[1]?.url).toBe('/next?%24skiptoken=a%2Fb&x=1');
    expect(graph.requests[1]?.headers.prefer).toBe('IdType="ImmutableId"');
  });

  test('at most three pages are read', async () => {
    const graph = await serveGraph((request, response) => {
      json({ value: [], '@odata.nextLink': `${graph.origin}/again?after=${request.url}` })(request, response);
    });
    expect(await list(graph)).toEqual([]);
    expect(graph.requests).toHaveLength(3);
  });

  describe('field B5: an incomplete list', () => {
    const three = (graph: LocalGraph) => ({ value: items(0, 3), '@odata.nextLink': `${graph.origin}/next` });
    const laterPages: [string, (graph: LocalGraph) => RequestListener, object, number][] = [
      ['fails', () => json({ error: { code: 'x' } }, 503), { kind: 'http', status: 503 }, 2],
      [
        'is throttled',
        () => json({}, 429, { 'retry-after': '7' }),
        { kind: 'http', status: 429, retryAfterMs: 7000 },
        2,
      ],
      ['repeats itself', (graph) => json(three(graph)), { kind: 'malformed', status: 200 }, 2],
      ['has another shape', () => json({ value: [{ Id: 'x' }] }), { kind: 'malformed', status: 200 }, 2],
      ['names no URL', () => json({ value: [], '@odata.nextLink': 'http://[' }), { kind: 'malformed', status: 200 }, 2],
      ['leads elsewhere', () => json({ value: [], '@odata.nextLink': 'https://evil.test/' }), { kind: 'egress' }, 2],
      [
        'is empty each time',
        (graph) => (request, response) =>
          json({ value: [], '@odata.nextLink': `${graph.origin}/next?after=${request.url}` })(request, response),
        { kind: 'malformed', status: 200 },
        3,
      ],
    ];

    test.each(laterPages)(
      'field B5: if the next page %s, the caller gets the mails before it, and the reason',
      async (_, page, fact, requests) => {
        const graph: LocalGraph = await serveGraph((request, response) => {
          (request.url?.startsWith('/next') ? page(graph) : json(three(graph)))(request, response);
        });
        const failures: MicrosoftFailure[] = [];
        const found = await list(graph, { onIncomplete: (failure: MicrosoftFailure) => failures.push(failure) });
        expect(found.map(({ id }) => id)).toEqual(['m0', 'm1', 'm2']);
        expect(failures.map((failure) => failure.fact)).toMatchObject([{ call: 'messages', ...fact }]);
        expect(graph.requests).toHaveLength(requests);
      },
    );

    test('field B5: a caller that does not ask for it gets the failure, and so does one with a refused token', async () => {
      const graph: LocalGraph = await serveGraph((request, response) => {
        (request.url?.startsWith('/next') ? json({}, 401) : json(three(graph)))(request, response);
      });
      expect(await factOf(list(graph))).toMatchObject({ status: 401 });
      expect(await factOf(list(graph, { onIncomplete: () => undefined }))).toMatchObject({ status: 401 });
    });

    test('field B5: if the first page fails, or leads to itself without mail, there is no list to show', async () => {
      const graph: LocalGraph = await serveGraph((request, response) => {
        json({ value: [], '@odata.nextLink': request.url })(request, response);
      });
      expect(await factOf(list(graph, { onIncomplete: () => undefined }))).toMatchObject({ kind: 'malformed' });
      expect(graph.requests).toHaveLength(1);
    });
  });

  test('E13: a nextLink to another host is refused although it is listed, and gets no bearer', async () => {
    const other = await serveGraph(json({ value: [] }));
    const nextLinks = [
      `${other.origin}/v1.0/me/messages`,
      other.origin.replace('http:', ''),
      'https://graph.example/next',
      'file:///etc/passwd',
      'http://[',
    ];
    for (const next of nextLinks) {
      const graph = await serveGraph(json({ value: items(0, 1), '@odata.nextLink': next }), [other.origin]);
      const fact = await factOf(list(graph));
      expect(['origin_mismatch', 'malformed_url', undefined]).toContain(fact.egress?.kind);
      expect(fact).toMatchObject({ call: 'messages', kind: next === 'http://[' ? 'malformed' : 'egress' });
      expect(graph.requests).toHaveLength(1);
    }
    expect(other.requests).toHaveLength(0);
  });

  test('U01: all pages share one budget', async () => {
    const graph = await serveGraph((request, response) => {
      const page = json({ value: [], '@odata.nextLink': `${graph.origin}/again` });
      setTimeout(() => page(request, response), 150);
    });
    const started = performance.now();
    const fact = await factOf(list(graph, { deadline: startDeadline(250) }));
    expect(fact).toMatchObject({ kind: 'egress', egress: { kind: 'timeout' } });
    expect(performance.now() - started).toBeLessThan(800);
    expect(graph.requests).toHaveLength(2);
  });
});

describe('the messages URL', () => {
  const base = 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages';

  function optionsOf(url: string) {
    return Object.fromEntries(new URL(url).searchParams);
  }

  test('asks for the newest, with the least fields', () => {
    expect(optionsOf(messagesUrl(base, { top: 5, unreadOnly: false, preview: false }))).toEqual({
      $select: 'id,subject,from,sender,receivedDateTime,isRead,importance,hasAttachments,flag,webLink',
      $top: '5',
      $orderby: 'receivedDateTime desc',
    });
  });

  test('the preview is asked for only when it is shown', () => {
    expect(optionsOf(messagesUrl(base, { ...query, preview: true })).$select).toContain('bodyPreview');
    expect(optionsOf(messagesUrl(base, { ...query, preview: false })).$select).not.toContain('bodyPreview');
  });

  test('unread only keeps the sorted property first in the filter, else Graph says InefficientFilter', () => {
    expect(optionsOf(messagesUrl(base, { ...query, unreadOnly: true })).$filter).toBe(
      'receivedDateTime ge 1900-01-01T00:00:00Z and isRead eq false',
    );
  });

  test('what the administrator typed stays, except for the options that Argus sets', () => {
    const typed = `${base}?$count=true&x=%2F&$TOP=99&orderby=subject&$select=body`;
    const url = messagesUrl(typed, { top: 5, unreadOnly: false, preview: false });
    expect(url).toContain('/messages?$count=true&x=%2F&$select=');
    expect(optionsOf(url)).toMatchObject({ $count: 'true', x: '/', $top: '5', $orderby: 'receivedDateTime desc' });
    expect(url).not.toMatch(/99|body|subject&/u);
  });

  test('a typed filter is joined to ours', () => {
    const typed = `${base}?$filter=importance eq 'high' or hasAttachments eq true#fragment`;
    const url = messagesUrl(typed, { ...query, unreadOnly: true });
    expect(optionsOf(url).$filter).toBe(
      "receivedDateTime ge 1900-01-01T00:00:00Z and (importance eq 'high' or hasAttachments eq true) and isRead eq false",
    );
    expect(url).not.toContain('#');
    expect(url).not.toMatch(/[ +]/u);
  });

  test('E03: a malformed URL is not repaired on the way to egress', () => {
    expect(messagesUrl('https://good.example\t.evil.test/x', query)).toContain('https://good.example\t.evil.test/x?');
    expect(messagesUrl('nonsense', query)).toMatch(/^nonsense\?/u);
  });

  test.each([
    [base, 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox'],
    [`${base}/?$top=1#x`, 'https://graph.microsoft.com/v1.0/me/mailFolders/inbox'],
    [
      "https://g.example/v1.0/users/a/mailFolders('inbox')/messages",
      "https://g.example/v1.0/users/a/mailFolders('inbox')",
    ],
    ['https://g.example/v1.0/me/MailFolders/AAMk=/Messages', 'https://g.example/v1.0/me/MailFolders/AAMk='],
    ['https://g.example/v1.0/me/mailFolders/a/childFolders/b/messages', undefined],
    ['https://g.example/v1.0/me/messages', undefined],
    ['https://g.example/v1.0/me/mailFolders/inbox', undefined],
    ['https://g.example/v1.0/me/mailFolders/inbox/messages/delta', undefined],
    ['https://g.example/x?/mailFolders/inbox/messages', undefined],
  ])('the folder of %s', (mailUrl, folder) => {
    expect(folderUrlOf(mailUrl)).toBe(folder);
  });
});

describe('the unread count', () => {
  test('is read from the folder', async () => {
    const graph = await serveGraph(json({ id: 'x', unreadItemCount: 12 }));
    expect(await readUnreadCount({ ...graph.call, folderUrl: `${graph.origin}/v1.0/me/mailFolders/inbox` })).toBe(12);
    expect(graph.requests[0]?.url).toBe('/v1.0/me/mailFolders/inbox?$select=unreadItemCount');
  });

  test.each([{}, { unreadItemCount: '12' }, { unreadItemCount: -1 }, { unreadItemCount: 1.5 }, null])(
    'U05: %j is malformed',
    async (body) => {
      const graph = await serveGraph(json(body));
      const outcome = readUnreadCount({ ...graph.call, folderUrl: graph.origin });
      expect(await factOf(outcome)).toMatchObject({ call: 'folder', kind: 'malformed' });
    },
  );
});
