import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { graphGet, graphPages, graphRootOf } from '../src/graph.ts';
import { readMe } from '../src/identity.ts';
import { closeAll, factOf, json, type LocalGraph, serveGraph } from './local-graph.ts';

afterEach(closeAll);

const guidForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/u;
const requestId = '0a1b2c3d-0000-4000-8000-000000000001';

const get = (graph: LocalGraph, path = '/v1.0/me') =>
  graphGet({ ...graph.call, url: `${graph.origin}${path}`, call: 'messages', headers: { prefer: 'x' } });

const envelope = (code: string, message = 'prose', innerError: object = {}) => ({
  error: { code, message, innerError: { date: '2025-02-13T10:17:06', 'request-id': requestId, ...innerError } },
});

describe('a Graph call', () => {
  test('carries the bearer, asks for JSON and sends a GUID as client-request-id', async () => {
    const graph = await serveGraph(json({ value: [] }, 200, { 'request-id': requestId }));
    const reply = await get(graph);
    expect(reply).toMatchObject({ json: { value: [] }, requestId });
    expect(reply.clientRequestId).toMatch(guidForm);
    expect(graph.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer canary-token',
      accept: 'application/json',
      prefer: 'x',
      'client-request-id': reply.clientRequestId,
    });
  });

  test.each([
    ['HTML', 'text/html', '<html>Sign in</html>'],
    ['JSON that breaks off', 'application/json', '{"value":['],
    ['nothing', 'application/json', ''],
    ['bytes that are not UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22])],
  ])('U05: a success with %s is malformed', async (_name, type, body) => {
    const graph = await serveGraph((_request, response) => {
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body);
    });
    expect(await factOf(get(graph))).toMatchObject({ call: 'messages', kind: 'malformed', status: 200 });
  });

  test('JSON with a byte-order mark or a +json type is read', async () => {
    const graph = await serveGraph((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/problem+json' }).end('\ufeff{"a":1}');
    });
    expect(await get(graph)).toMatchObject({ json: { a: 1 } });
  });

  test('U03: an error keeps status, code, ids and time, and none of the prose', async () => {
    const graph = await serveGraph(json(envelope('ErrorAccessDenied', 'canary-prose'), 403));
    const fact = await factOf(get(graph));
    expect(fact).toEqual({
      call: 'messages',
      kind: 'http',
      status: 403,
      graphCodes: ['ErrorAccessDenied'],
      requestId,
      clientRequestId: expect.stringMatching(guidForm),
      timestamp: '2025-02-13T10:17:06',
    });
  });

  test('the codes of nested inner errors follow, in either spelling, the most specific last', async () => {
    const inner = { code: 'second', innererror: { code: 'third', innerError: { code: '' } } };
    const graph = await serveGraph(json(envelope('First', 'x', inner), 400));
    expect((await factOf(get(graph))).graphCodes).toEqual(['First', 'second', 'third']);
  });

  test.each([
    ['an empty body', 503, '', 'text/plain'],
    ['HTML', 502, '<html>Bad gateway</html>', 'text/html'],
    ['an envelope without inner error', 404, '{"error":{"code":"","message":"x"}}', 'application/json'],
    ['a code that is markup', 500, '{"error":{"code":"<img src=x>","innerError":[1]}}', 'application/json'],
    ['an error that is text', 400, '{"error":"x"}', 'application/json'],
    ['JSON that is not an object', 500, '[1]', 'application/json'],
    ['null', 500, 'null', 'application/json'],
  ])('U03: %s leaves the status', async (_name, status, body, type) => {
    const graph = await serveGraph((_request, response) => {
      response.writeHead(status, { 'content-type': type, 'request-id': requestId }).end(body);
    });
    expect(await factOf(get(graph))).toEqual({
      call: 'messages',
      kind: 'http',
      status,
      requestId,
      clientRequestId: expect.stringMatching(guidForm),
    });
  });

  test('a very deep envelope is read to a bounded depth', async () => {
    const deep = `${'{"code":"a","innerError":'.repeat(5000)}{}${'}'.repeat(5000)}`;
    const graph = await serveGraph((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end(`{"error":${deep}}`);
    });
    expect((await factOf(get(graph))).graphCodes).toHaveLength(10);
  });

  test.each([
    [
      'no inner code, which may mean any fault of a URL',
      envelope('BadRequest', 'x', { code: 'RequestBroker--ParseUri' }),
      undefined,
    ],
    ['no code', envelope('RequestBroker--ParseUri'), undefined],
    [
      'the fixed stem under today’s code',
      envelope('RequestBroker--ParseUri', "Resource not found for the segment 'm'."),
      true,
    ],
    ['the fixed stem', { error: { code: 'BadRequest', message: "Resource not found for the segment 'm'." } }, true],
    [
      'the stem under another code',
      envelope('ErrorItemNotFound', "Resource not found for the segment 'm'."),
      undefined,
    ],
    ['another BadRequest', envelope('BadRequest', '/me request is only valid with delegated flow.'), undefined],
    ['the stem in the middle', envelope('BadRequest', "x Resource not found for the segment 'm'."), undefined],
  ])('the unknown path segment is known by %s', async (_name, body, expected) => {
    const graph = await serveGraph(json(body, 400));
    expect((await factOf(get(graph))).graphSegmentNotFound).toBe(expected);
  });

  test.each([
    ['Root', 'The specified object was not found in the store., Default folder Root not found.', true],
    ['Inbox', 'Default folder Inbox not found.', true],
    ['no folder', 'The specified object was not found in the store.', undefined],
  ])('field A5: a mailbox without its default folder is known by the literal: %s', async (_, message, expected) => {
    const graph = await serveGraph(json(envelope('ErrorItemNotFound', message), 404));
    expect((await factOf(get(graph))).defaultFolderMissing).toBe(expected);
  });

  test.each([
    ['JSON labelled as HTML', 'text/html', '{"value":[]}'],
    ['no content type', undefined, '{"value":[]}'],
    ['a BOM', 'application/json', '\ufeff{"value":[]}'],
    ['two BOMs and a blank line', 'text/plain', '\ufeff\ufeff\r\n{"value":[]}'],
    ['UTF-16', 'application/json', Buffer.from('\ufeff{"value":[]}', 'utf16le')],
  ])('field A6: a success with %s is read by its form', async (_name, type, body) => {
    const graph = await serveGraph((_request, response) => {
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body);
    });
    expect((await get(graph)).json).toEqual({ value: [] });
  });

  test('a claims challenge is seen in WWW-Authenticate', async () => {
    const challenge = 'Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="';
    const challenged = await serveGraph(
      json(envelope('InvalidAuthenticationToken'), 401, { 'www-authenticate': challenge }),
    );
    expect((await factOf(get(challenged))).hasClaimsChallenge).toBe(true);
    const named = await serveGraph(
      json(envelope('InvalidAuthenticationToken'), 401, {
        'www-authenticate': 'Bearer realm="", error="insufficient_claims"',
      }),
    );
    expect((await factOf(get(named))).hasClaimsChallenge).toBe(true);
    const plain = 'Bearer realm="", authorization_uri="https://login.example/claims=", error="invalid_token"';
    const unchallenged = await serveGraph(
      json(envelope('InvalidAuthenticationToken'), 401, { 'www-authenticate': plain }),
    );
    expect((await factOf(get(unchallenged))).hasClaimsChallenge).toBeUndefined();
  });

  test('U04: Retry-After comes along in milliseconds', async () => {
    const graph = await serveGraph(json(envelope('ApplicationThrottled'), 429, { 'retry-after': '2.128' }));
    expect(await factOf(get(graph))).toMatchObject({ status: 429, retryAfterMs: 2128 });
  });

  test('a call that never got through carries the egress fact', async () => {
    const graph = await serveGraph((request) => request.socket.destroy());
    const fact = await factOf(get(graph));
    expect(fact).toMatchObject({ call: 'messages', kind: 'egress', egress: { kind: 'reset', origin: graph.origin } });
    expect(fact.clientRequestId).toMatch(guidForm);
  });

  test('an error of the remote-site list passes unchanged', async () => {
    const graph = await serveGraph(json({}));
    const guardedFetch = { fetch: () => Promise.reject(new Error('database down')) };
    const outcome = graphGet({ ...graph.call, guardedFetch, url: graph.origin, call: 'messages' });
    await expect(outcome).rejects.toThrow('database down');
  });

  test('E13: an origin other than the allowed one gets no bearer', async () => {
    const other = await serveGraph(json({}));
    const graph = await serveGraph(json({}), [other.origin]);
    const outcome = graphGet({ ...graph.call, url: `${other.origin}/v1.0/me`, call: 'messages' });
    expect(await factOf(outcome)).toMatchObject({ kind: 'egress', egress: { kind: 'origin_mismatch' } });
    expect(other.requests).toHaveLength(0);
  });

  test('S02: neither token nor prose is in the error', async () => {
    const graph = await serveGraph(json(envelope('ErrorAccessDenied', 'canary-prose'), 403));
    const error = await get(graph).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

describe('who is signed in', () => {
  test('/me is read', async () => {
    const graph = await serveGraph(
      json({
        '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity',
        id: '7f180cbb-a5ae-457c-b7e8-6f5b42ba33e7',
        userPrincipalName: 'AdeleV@contoso.OnMicrosoft.com',
        displayName: 'Adele Vance',
        mail: null,
      }),
    );
    expect(await readMe({ ...graph.call, graphRoot: `${graph.origin}/v1.0` })).toEqual({
      objectId: '7f180cbb-a5ae-457c-b7e8-6f5b42ba33e7',
      userPrincipalName: 'AdeleV@contoso.OnMicrosoft.com',
      displayName: 'Adele Vance',
      mail: null,
    });
    expect(graph.requests[0]?.url).toBe('/v1.0/me?$select=id,userPrincipalName,displayName,mail');
  });

  test('optional fields of a wrong type count as absent', async () => {
    const graph = await serveGraph(json({ id: 'i', userPrincipalName: 'a@b.example', displayName: 7, mail: {} }));
    expect(await readMe({ ...graph.call, graphRoot: graph.origin })).toEqual({
      objectId: 'i',
      userPrincipalName: 'a@b.example',
      mail: null,
    });
  });

  const unlikeIds = ['i\0', 'i'.repeat(65), ' '].map((id) => ({ id, userPrincipalName: 'a@b.example' }));
  const unlikeNames = ['a\0@b.example', 'a\u202e@b.example', 'a b@c.example', 'a'].map((userPrincipalName) => ({
    id: 'i',
    userPrincipalName,
  }));
  const malformed: readonly unknown[] = [
    { userPrincipalName: 'a@b.example' },
    { id: 'i', userPrincipalName: null },
    [],
    null,
    'x',
    ...unlikeIds,
    ...unlikeNames,
  ];

  test.each(malformed.map((body) => ({ body })))('U05: $body is malformed', async ({ body }) => {
    const graph = await serveGraph(json(body));
    const outcome = readMe({ ...graph.call, graphRoot: graph.origin });
    expect(await factOf(outcome)).toMatchObject({ call: 'identity', kind: 'malformed' });
  });

  test.each([
    ['https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages', 'https://graph.microsoft.com/v1.0'],
    ['https://graph.microsoft.com/V1.0/Me/messages?$top=1', 'https://graph.microsoft.com/V1.0'],
    ['https://graph.microsoft.com/beta/users/a@b.example/messages', 'https://graph.microsoft.com/beta'],
    ["https://graph.microsoft.com/v1.0/users('a')/messages", 'https://graph.microsoft.com/v1.0'],
    ['http://localhost:4001/tenant/v1.0/me/messages', 'http://localhost:4001/tenant/v1.0'],
    ['https://graph.microsoft.com/me/messages', undefined],
    ['https://graph.microsoft.com/v1.0/measure', undefined],
    ['https://graph.microsoft.com/?/v1.0/me', undefined],
    ['/v1.0/me', undefined],
    ['', undefined],
  ])('the Graph root of %s', (mailUrl, root) => {
    expect(graphRootOf(mailUrl)).toBe(root);
  });
});

describe('a list of Graph', () => {
  const pages = async (graph: LocalGraph, most: number, enough = Number.POSITIVE_INFINITY) => {
    const read: unknown[] = [];
    const list = { ...graph.call, url: `${graph.origin}/v1.0/me/todo/lists`, call: 'todo_lists' };
    for await (const { items } of graphPages(list, most)) {
      read.push(...items);
      if (read.length >= enough) break;
    }
    return read;
  };
  const endless = () =>
    serveGraph((request, response) => {
      const next = `/v1.0/me/todo/lists?page=${graphPage(request.url) + 1}`;
      json({ value: [graphPage(request.url)], '@odata.nextLink': next })(request, response);
    });
  const graphPage = (url = '') => Number(new URL(url, 'http://graph').searchParams.get('page') ?? 0);

  test('is read page by page, no further than asked for, and never beyond the limit', async () => {
    const graph = await endless();
    expect(await pages(graph, 3)).toEqual([0, 1, 2]);
    expect(graph.requests).toHaveLength(3);
    expect(await pages(graph, 3, 1)).toEqual([0]);
    expect(graph.requests).toHaveLength(4);
  });

  test('whose next page is at another site, or is no URL, is refused under the name of its call', async () => {
    for (const [link, kind] of [
      ['https://elsewhere.example/page', 'egress'],
      ['https://[', 'malformed'],
    ] as const) {
      const graph = await serveGraph(json({ value: [1], '@odata.nextLink': link }));
      expect(await factOf(pages(graph, 3))).toMatchObject({ call: 'todo_lists', kind });
      expect(graph.requests).toHaveLength(1);
    }
    const none = await serveGraph(json({ value: 'none' }));
    expect(await factOf(pages(none, 3))).toMatchObject({ call: 'todo_lists', kind: 'malformed' });
  });
});
