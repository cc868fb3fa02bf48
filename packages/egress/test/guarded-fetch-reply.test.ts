import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { EgressFailure } from '../src/egress-failure.ts';
import { call, closeAll, factOf, guarded, serve, serveTcp, site } from './local-server.ts';

afterEach(closeAll);

const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

describe('guarded fetch: the reply', () => {
  const plain = 'あ'.repeat(1000);

  test.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity', Buffer.from(plain)],
  ])('a body in %s is decoded', async (coding, body) => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(body),
    );
    const origin = `http://127.0.0.1:${server.port}`;
    const response = await call(guarded([site(origin)]), origin);
    expect(textOf(response.body)).toBe(plain);
  });

  test.each([
    ['a coding that was not requested', 'zstd', Buffer.from('x'), 'protocol'],
    ['a coding applied twice', 'gzip, gzip', gzipSync(gzipSync('x')), 'protocol'],
    ['invalid gzip', 'gzip', Buffer.from('not gzip at all'), 'protocol'],
    ['invalid Brotli', 'br', Buffer.from('not brotli at all'), 'protocol'],
    ['gzip that breaks off', 'gzip', gzipSync(plain).subarray(0, 20), 'truncated'],
  ])('U05: %s is a typed failure', async (_name, coding, body, kind) => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(body),
    );
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await factOf(call(guarded([site(origin)]), origin))).toMatchObject({ kind, origin });
  });

  test.each([
    ['content-length not reached', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', 'truncated'],
    ['last chunk missing', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'truncated'],
    ['closed without a reply', '', 'reset'],
    ['closed within the headers', 'HTTP/1.1 200 OK\r\nContent-Le', 'reset'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
    ['oversized headers', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(20_000)}\r\n`, 'protocol'],
  ])('U05: %s', async (_name, reply, kind) => {
    const server = await serveTcp((socket) => {
      socket.once('data', () => socket.end(reply));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await factOf(call(guarded([site(origin)]), origin))).toMatchObject({ kind, origin });
  });

  test('U05: a connection that is reset before a reply', async () => {
    const server = await serveTcp((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await factOf(call(guarded([site(origin)]), origin))).toMatchObject({ kind: 'reset' });
  });

  test('U06: a body beyond the cap is cut, announced or not', async () => {
    let written = 0;
    const server = await serve((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', 200 * 1024 * 1024);
      const chunk = Buffer.alloc(64 * 1024);
      const pump = () => {
        while (!response.destroyed && written < 200 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return response.once('drain', pump);
        }
        return response.end();
      };
      pump();
    });
    const origin = `http://127.0.0.1:${server.port}`;
    for (const path of ['/announced', '/chunked']) {
      written = 0;
      const fact = await factOf(call(guarded([site(origin)]), `${origin}${path}`, { maxBytes: 100_000 }));
      expect(fact).toEqual({ kind: 'too_large', origin });
      expect(written).toBeLessThan(20 * 1024 * 1024);
    }
  });

  test('U06: a gzip bomb is cut at the cap on decoded bytes, memory stays flat', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(300_000);
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const before = process.memoryUsage.rss();
    const fact = await factOf(call(guarded([site(origin)]), origin, { maxBytes: 1_000_000 }));
    expect(fact).toEqual({ kind: 'too_large', origin });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('a body of just the cap passes, one byte more does not', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(1000)));
    const origin = `http://127.0.0.1:${server.port}`;
    const guardedFetch = guarded([site(origin)]);
    expect((await call(guardedFetch, origin, { maxBytes: 1000 })).body.byteLength).toBe(1000);
    expect(await factOf(call(guardedFetch, origin, { maxBytes: 999 }))).toMatchObject({ kind: 'too_large' });
  });

  test('S02: the bytes of a reply that is not HTTP are not in the error', async () => {
    const server = await serveTcp((socket) => {
      socket.once('data', () => socket.end('{"access_token":"canary"}'));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const error = await call(guarded([site(origin)]), origin).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EgressFailure);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('canary');
  });

  test('S02: no path, query, header or body of a failed call is in its message or fact', async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: '/canary-location' }).end());
    const origin = `http://127.0.0.1:${server.port}`;
    const error = await call(guarded([site(origin)]), `${origin}/canary-path?canary-query`, {
      method: 'POST',
      body: 'canary-body',
      headers: { authorization: 'Bearer canary-token' },
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EgressFailure);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('canary');
  });
});
