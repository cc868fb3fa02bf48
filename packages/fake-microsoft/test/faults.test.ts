import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { demoUsers } from '../src/data/demo-company.ts';
import type { FaultOrder } from '../src/faults/fault.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import { authorizeUrl, codeForm, getCode, getGraph, getTokens, postToken, refreshForm } from './demo-client.ts';

const inbox = '/v1.0/me/mailFolders/inbox/messages?$top=5';
let fake: FakeMicrosoft;
let tokens: Record<string, unknown>;
beforeAll(async () => {
  fake = await startFakeMicrosoft();
});
afterAll(() => fake.close());
beforeEach(async () => {
  fake.control.reset();
  tokens = await getTokens(fake);
  fake.control.clearRequests();
});

interface Wire {
  status: number | null;
  headers: Record<string, unknown>;
  body: Buffer;
  /** How it ended: the answer was complete, cut off, or the test gave up waiting. */
  end: 'complete' | 'cut' | 'gaveUp';
  code: string | null;
  ms: number;
}

/** A minimal GET, so that every kind of failure is visible. */
function watch(path: string, patience: number): Promise<Wire> {
  return new Promise((resolve) => {
    const started = performance.now();
    const wire: Wire = { status: null, headers: {}, body: Buffer.alloc(0), end: 'cut', code: null, ms: 0 };
    const finish = (end: Wire['end']) => resolve({ ...wire, end, ms: performance.now() - started });
    const call = request(
      new URL(path, fake.graphUrl),
      { headers: { authorization: `Bearer ${tokens.access_token}` } },
      (response) => {
        wire.status = response.statusCode ?? null;
        wire.headers = response.headers;
        response.on('data', (chunk: Buffer) => {
          wire.body = Buffer.concat([wire.body, chunk]);
        });
        response.on('end', () => finish('complete'));
        response.on('error', () => finish('cut'));
      },
    );
    call.on('error', (error) => {
      wire.code = 'code' in error ? String(error.code) : null;
      finish('cut');
    });
    setTimeout(() => {
      finish('gaveUp');
      call.destroy();
    }, patience);
    call.end();
  });
}

const play = (order: FaultOrder, patience = 3000) => {
  fake.control.addFault(order);
  return watch(inbox, patience);
};

it('delay: answers as usual, later', async () => {
  const wire = await play({ target: 'messages', kind: 'delay', ms: 250 });
  expect([wire.status, wire.end]).toEqual([200, 'complete']);
  expect(wire.ms).toBeGreaterThanOrEqual(245);
});

it('hangBeforeHeaders: accepts the call, never answers, and records that', async () => {
  const wire = await play({ target: 'messages', kind: 'hangBeforeHeaders' }, 300);
  expect([wire.status, wire.end]).toEqual([null, 'gaveUp']);
  await expect
    .poll(() => fake.control.requests().at(-1))
    .toMatchObject({ status: null, aborted: true, fault: expect.stringMatching(/^fault-\d+$/) });
});

it('hangInBody: sends headers and half of the body, then nothing', async () => {
  const wire = await play({ target: 'messages', kind: 'hangInBody' }, 400);
  expect([wire.status, wire.end]).toEqual([200, 'gaveUp']);
  expect(wire.body.length).toBe(Math.ceil(Number(wire.headers['content-length']) / 2));
});

it('status: the usual error body of Graph, with the configured Retry-After', async () => {
  const wire = await play({ target: 'graph', kind: 'status', status: 503, retryAfter: 'soon, perhaps' });
  expect([wire.status, wire.headers['retry-after']]).toEqual([503, 'soon, perhaps']);
  expect(JSON.parse(wire.body.toString())).toHaveProperty('error.code', 'serviceNotAvailable');
});

it.each([
  ['html', (text: string) => text.includes('<h1>502')],
  ['empty', (text: string) => text === ''],
  [
    { code: 'OrganizationFromTenantGuidNotFound', message: 'x', innerError: { code: 'y' } },
    (text: string) => text.includes('"innerError":{"code":"y"'),
  ],
  [{ json: [1] }, (text: string) => text === '[1]'],
  [{ text: 'plain', contentType: 'text/plain' }, (text: string) => text === 'plain'],
  ['entra', (text: string) => text.includes('AADSTS')],
] as const)('status: the body may be %j', async (body, holds) => {
  const wire = await play({ target: 'messages', kind: 'status', status: 502, body });
  expect(wire.status).toBe(502);
  expect(holds(wire.body.toString())).toBe(true);
});

it('status at the token endpoint: an Entra error with codes and suberror', async () => {
  fake.control.addFault({
    target: 'token',
    kind: 'status',
    status: 400,
    body: { error: 'interaction_required', error_codes: [50076], suberror: 'basic_action', claims: '{}' },
    times: 1,
  });
  const { status, body } = await postToken(fake, 2, refreshForm(tokens.refresh_token));
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: 'interaction_required',
    error_codes: [50076],
    suberror: 'basic_action',
    claims: '{}',
  });
  expect(body.error_description).toMatch(/^AADSTS50076: /);
  expect((await postToken(fake, 2, refreshForm(tokens.refresh_token))).status).toBe(200);
});

it('retryAfter: throttles with any Retry-After', async () => {
  const wire = await play({ target: 'messages', kind: 'retryAfter', retryAfter: '2.128' });
  expect([wire.status, wire.headers['retry-after']]).toEqual([429, '2.128']);
  expect(JSON.parse(wire.body.toString())).toHaveProperty('error.code', 'ApplicationThrottled');
});

it('reset: destroys the connection', async () => {
  const wire = await play({ target: 'messages', kind: 'reset' });
  expect([wire.status, wire.end, wire.code]).toEqual([null, 'cut', 'ECONNRESET']);
});

it('truncated: announces more than it sends and closes', async () => {
  const wire = await play({ target: 'messages', kind: 'truncated' });
  expect([wire.status, wire.end]).toEqual([200, 'cut']);
  expect(wire.body.length).toBe(Number(wire.headers['content-length']) - 1000);
});

it('slowDrip: sends a few bytes at a time', async () => {
  const wire = await play({ target: 'messages', kind: 'slowDrip', bytesPerSecond: 100 }, 500);
  expect([wire.status, wire.end]).toEqual([200, 'gaveUp']);
  expect(wire.body.length).toBeGreaterThan(10);
  expect(wire.body.length).toBeLessThan(100);
});

it('slowDrip: in the end the whole body arrives', async () => {
  fake.control.addFault({ target: 'me', kind: 'slowDrip', bytesPerSecond: 2000 });
  const wire = await watch('/v1.0/me', 3000);
  expect(wire.end).toBe('complete');
  expect(JSON.parse(wire.body.toString())).toHaveProperty('id', demoUsers.taro.oid);
});

it('redirect: sends the client elsewhere', async () => {
  const wire = await play({
    target: 'messages',
    kind: 'redirect',
    location: 'http://localhost:1/elsewhere',
    status: 307,
  });
  expect([wire.status, wire.headers.location]).toEqual([307, 'http://localhost:1/elsewhere']);
});

it('hugeBody: valid JSON of the ordered size', async () => {
  const wire = await play({ target: 'messages', kind: 'hugeBody', bytes: 3_000_000 });
  expect([wire.status, wire.body.length]).toEqual([200, 3_000_000]);
  expect(JSON.parse(wire.body.toString())).toHaveProperty('value');
});

it('gzipBomb: few bytes on the wire, many when unpacked', async () => {
  const wire = await play({ target: 'messages', kind: 'gzipBomb', bytes: 20 * 1024 * 1024 });
  expect([wire.status, wire.headers['content-encoding']]).toEqual([200, 'gzip']);
  expect(wire.body.length).toBeLessThan(60_000);
  const unpacked = await fetch(`${fake.graphUrl}${inbox}`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect((await unpacked.arrayBuffer()).byteLength).toBe(20 * 1024 * 1024);
});

it('malformedJson, wrongTypes and html: answers that only look like success', async () => {
  const malformed = await play({ target: 'messages', kind: 'malformedJson', times: 1 });
  expect(malformed.status).toBe(200);
  expect(() => JSON.parse(malformed.body.toString())).toThrow(SyntaxError);
  const wrong = await play({ target: 'messages', kind: 'wrongTypes', times: 1 });
  expect(JSON.parse(wrong.body.toString())).toMatchObject({ value: { unexpected: 5 } });
  const html = await play({ target: 'messages', kind: 'html', times: 1 });
  expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  fake.control.addFault({ target: 'token', kind: 'wrongTypes', times: 1 });
  expect((await postToken(fake, 2, refreshForm(tokens.refresh_token))).body).toMatchObject({
    expires_in: 'not a number',
  });
});

it('executes a token call whose reply is spoilt: the code is redeemed although the client never learns it', async () => {
  const code = await getCode(fake);
  fake.control.addFault({ target: 'token', kind: 'truncated', times: 1 });
  await expect(postToken(fake, 2, codeForm(code))).rejects.toThrow();
  expect((await postToken(fake, 2, codeForm(code))).body.error_codes).toEqual([54005]);
});

it('redirectError: sends the user straight back with an error', async () => {
  fake.control.addFault({
    target: 'authorize',
    kind: 'redirectError',
    error: 'server_error',
    errorCodes: [90036],
    errorDescription: 'Out of order.',
    times: 1,
  });
  const { redirectUrl } = await fake.control.signIn({ authorizeUrl: authorizeUrl(fake, 2), user: demoUsers.taro.oid });
  const answer = new URL(redirectUrl).searchParams;
  expect([answer.get('error'), answer.get('state')]).toEqual(['server_error', 'a state & more']);
  expect(answer.get('error_description')).toMatch(/^AADSTS90036: Out of order\./);
});

it('plays a fault for one user, after a number of calls and as often as asked, and then the next one', async () => {
  fake.control.addFault({ target: 'messages', kind: 'status', status: 500, user: demoUsers.hanako.userPrincipalName });
  fake.control.addFault({ target: 'messages', kind: 'status', status: 502, skip: 1, times: 2 });
  fake.control.addFault({ target: 'graph', kind: 'status', status: 504, times: 1 });
  const seen = [];
  for (let call = 0; call < 5; call += 1) seen.push((await watch(inbox, 3000)).status);
  expect(seen).toEqual([504, 502, 502, 200, 200]);
  const hanako = (await getTokens(fake, demoUsers.hanako.oid)).access_token;
  expect((await getGraph(fake, inbox, hanako)).status).toBe(500);
  expect(fake.control.faults()).toHaveLength(1);
  fake.control.clearFaults();
  expect((await getGraph(fake, inbox, hanako)).status).toBe(200);
});

it('distinguishes me, folder and messages', async () => {
  fake.control.addFault({ target: 'folder', kind: 'status', status: 500 });
  expect((await watch('/v1.0/me/mailFolders/inbox', 3000)).status).toBe(500);
  expect((await watch('/v1.0/me', 3000)).status).toBe(200);
  expect((await watch(inbox, 3000)).status).toBe(200);
});

it('opens a port that never answers, and reserves one where nothing can listen', async () => {
  const silent = new URL(await fake.control.openSilentPort());
  const closed = new URL(await fake.control.closedPortUrl());
  const outcome = (url: URL) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(url.port), '127.0.0.1');
      socket.on('error', (error) => resolve('code' in error ? String(error.code) : 'error'));
      socket.on('data', () => resolve('data'));
      socket.on('connect', () => {
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        setTimeout(() => {
          resolve('silence');
          socket.destroy();
        }, 200);
      });
    });
  expect(await outcome(silent)).toBe('silence');
  expect(await outcome(closed)).toBe('ECONNREFUSED');
  const neighbour = createServer();
  const listening = new Promise((resolve, reject) => {
    neighbour.once('error', reject).listen(Number(closed.port), '127.0.0.1', () => neighbour.close(resolve));
  });
  await expect(listening).rejects.toThrow('EADDRINUSE');
});

it('closes although calls hang', async () => {
  const other = await startFakeMicrosoft();
  other.control.addFault({ target: 'graph', kind: 'hangBeforeHeaders' });
  other.control.addFault({ target: 'login', kind: 'delay', ms: 60_000 });
  const silent = await other.control.openSilentPort();
  const calls = [other.graphUrl, other.loginUrl, silent].map((url) => fetch(url).catch(() => 'gone'));
  await expect.poll(() => other.control.requests().length).toBe(2);
  const started = performance.now();
  await other.close();
  expect(performance.now() - started).toBeLessThan(2000);
  // Delayed calls may still be answered; nothing waits any longer.
  expect((await Promise.all(calls)).filter((outcome) => outcome === 'gone').length).toBeGreaterThanOrEqual(2);
});
