import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type EndpointKey, endpointMap } from '@argus/contract/endpoint-map';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';

const unknownId = '01890000-0000-7000-8000-000000000000';
const changing = (Object.keys(endpointMap) as EndpointKey[]).filter((key) => !key.startsWith('GET'));

let argus: TestArgus;
let admin: Browser;
let webRoot: string;
beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'argus-web-'));
  await writeFile(join(webRoot, 'index.html'), '<title>the SPA</title>');
  argus = await buildArgus({ webRoot });
  admin = await argus.signedIn('admin@argus.example', 'admin');
});
afterAll(async () => {
  await argus?.close();
  await rm(webRoot, { recursive: true, force: true });
});

describe('where a request comes from, as the browser reports it (Sec-Fetch-Site)', () => {
  async function sendFrom(site: string | undefined, key: EndpointKey) {
    const { csrfToken } = await admin.call('GET /api/session');
    const [method = '', path = ''] = key.split(' ');
    return admin.send(method, path.replace(/:\w+/, unknownId), {
      headers: { 'x-csrf-token': csrfToken, ...(site === undefined ? {} : { 'sec-fetch-site': site }) },
    });
  }

  test.each(changing)(
    'S-13: %s from another site, or another host of this site, is refused with the right token',
    async (key) => {
      for (const site of ['cross-site', 'same-site']) {
        expect(await sendFrom(site, key)).toMatchObject({ status: 403, body: { code: 'csrf_token_invalid' } });
      }
      expect((await admin.call('GET /api/session')).user).not.toBeNull();
    },
  );

  test('S-13: for our own pages, and for clients without the header, the token decides', async () => {
    for (const site of ['same-origin', 'none', undefined]) {
      const reply = await sendFrom(site, 'PUT /api/session/language');
      // The token was accepted; the missing body is refused.
      expect(reply.status).not.toBe(403);
    }
  });

  test('S-13: reading is allowed: a link on another site opens our pages', async () => {
    const reply = await admin.send('GET', '/api/session', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(reply.status).toBe(200);
  });
});

describe('a request under another host name of this machine', () => {
  /** Sends a request line verbatim; returns the status line and the headers. */
  async function send(target: string, host: string): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(argus.url).port) });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return text(socket);
  }
  const alias = () => `127.0.0.1:${new URL(argus.url).port}`;

  test('is redirected to the public address, with its path and query', async () => {
    const reply = await send('/admin/users?q=a', alias());
    expect(reply).toMatch(/^HTTP\/1\.1 302 /);
    expect(reply).toContain(`location: ${argus.url}/admin/users?q=a\r\n`);
  });

  test.each([
    'http://evil.example/x',
    'https://evil.example/x?y',
    'HTTP://evil.example',
    'ftp://evil.example/x',
    'evil.example:80',
    '*',
    '@evil.example/',
    '.evil.example/',
  ])('S-13: with the target %s gets no redirect built from it', async (target) => {
    const reply = await send(target, alias());
    expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(reply.toLowerCase()).not.toContain('\r\nlocation:');
  });

  test.each(['//evil.example/x', '/\\evil.example/x', '/%2f/evil.example'])(
    'S-13: with the path %s stays at the public address',
    async (target) => {
      const reply = await send(target, alias());
      const location = /\r\nlocation: (\S+)/i.exec(reply)?.[1];
      if (location !== undefined) expect(new URL(location).origin).toBe(argus.url);
    },
  );
});
