import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { describe, expect, it, vi } from 'vitest';
import { buildArgus } from '../support/build-app.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';

stageArgus({ patience: { headersMs: 1_000, requestMs: 2_000 } });

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(argus.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Sends one piece every 200 ms until the server closes the connection; returns its reply and how long it waited. */
async function drip(socket: Socket, pieces: string): Promise<{ reply: string; ms: number }> {
  const began = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    const piece = pieces[next++ % pieces.length];
    if (socket.writable && piece !== undefined) socket.write(piece);
  }, 200);
  let reply = '';
  socket.on('data', (chunk) => {
    reply += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  clearInterval(timer);
  return { reply, ms: performance.now() - began };
}

describe('H07: slow clients', () => {
  it('are cut off while they drip headers, and others are served meanwhile', async () => {
    const socket = await open();
    socket.write('GET /api/session HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
    const dripping = drip(socket, 'a');
    expect((await argus.browser().send('GET', '/healthz')).status).toBe(200);
    const { reply, ms } = await dripping;
    expect(reply).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(4_000);
  });

  it('are cut off while they drip a body', async () => {
    const socket = await open();
    socket.write(
      'POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n',
    );
    const { ms } = await drip(socket, '{');
    expect(ms).toBeLessThan(6_000);
  });

  it('PROC01: requests in flight finish and idle connections go when the process closes', async () => {
    const closing = await buildArgus();
    const idle = connect(Number(new URL(closing.url).port), 'localhost');
    await once(idle, 'connect');
    const upn = demoUsers.taro.userPrincipalName;
    const admin = await closing.connect();
    const user = await closing.signedIn('taro@argus.example');
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'taro@argus.example', microsoftAccount: upn },
    });
    await user.authorize(upn);
    closing.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 20_000 });
    closing.fake.control.clearRequests();
    const inFlight = user.send('GET', '/api/new-arrivals');
    const called = () => closing.fake.control.requests().some(({ path }) => path.includes('/messages'));
    await vi.waitFor(() => expect(called()).toBe(true), { timeout: 10_000, interval: 20 });
    const began = performance.now();
    const closed = closing.close();
    // Repeatedly, as the request may not be waiting yet.
    const answering = setInterval(() => closing.fake.control.answerNow(), 50);
    const [reply] = await Promise.all([inFlight, closed]).finally(() => clearInterval(answering));
    expect(reply.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(9_000);
    idle.destroy();
  }, 60_000);
});
