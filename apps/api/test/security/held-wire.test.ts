import { beforeAll, describe, expect, test } from 'vitest';
import { sendBytes, sendRaw } from '../support/send-raw.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';

let host: string;
stageArgus();
beforeAll(async () => {
  ({ host } = new URL(argus.url));
});

/**
 * A proxy in front might take this for the body of the first request, and Argus for a second one. The reply closes
 * the connection, so that nobody has to wait for more.
 */
const smuggled = () => `GET /api/session HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
const head = (...lines: readonly string[]) => ['GET /healthz HTTP/1.1', `Host: ${host}`, ...lines].join('\r\n');

/** The statuses of all replies on one connection, and whether the smuggled request was answered. */
async function answersTo(bytes: string) {
  const reply = await sendBytes(argus.url, bytes);
  // A reply may follow a body without a final newline.
  const statuses = [...reply.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  return { statuses, smuggled: reply.includes('"csrfToken"') };
}

const chunked = '0\r\n\r\n';
const inChunks = 'Transfer-Encoding: chunked';

describe('S-held: request smuggling', () => {
  test.each([
    ['two requests in a row', () => `${head()}\r\n\r\n`],
    ['a request after a body in chunks', () => `${head(inChunks)}\r\n\r\n1\r\na\r\n${chunked}`],
    ['a request after chunks with extensions', () => `${head(inChunks)}\r\n\r\n1;a=b\r\na\r\n0;c\r\n\r\n`],
    ['a request after a body of its length', () => `${head('Content-Length: 2')}\r\n\r\nab`],
  ])('S-held: %s are each answered, so a smuggled one would be seen', async (_, first) => {
    expect(await answersTo(first() + smuggled())).toEqual({ statuses: [200, 200], smuggled: true });
  });

  test('S-held: a request in the body of another is not executed', async () => {
    const bytes = `${head(`Content-Length: ${smuggled().length}`, 'Connection: close')}\r\n\r\n${smuggled()}`;
    expect(await answersTo(bytes)).toEqual({ statuses: [200], smuggled: false });
  });

  test.each<readonly [string, readonly string[], string]>([
    ['a length and chunks', ['Content-Length: 5', inChunks], chunked],
    ['chunks and a length', [inChunks, 'Content-Length: 5'], chunked],
    ['a length of 0 and chunks', ['Content-Length: 0', inChunks], chunked],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 5'], ''],
    ['two lengths that agree', ['Content-Length: 0', 'Content-Length: 0'], ''],
    ['two lengths in one', ['Content-Length: 0, 5'], ''],
    ['a length with a sign', ['Content-Length: +0'], ''],
    ['a negative length', ['Content-Length: -1'], ''],
    ['a hexadecimal length', ['Content-Length: 0x0'], ''],
    ['a length with a blank inside', ['Content-Length: 0 0'], ''],
    ['a blank before the colon of the length', ['Content-Length : 0'], ''],
    ['a length beyond any number', ['Content-Length: 99999999999999999999'], ''],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], chunked],
    ['a coding with a control character', ['Transfer-Encoding: \x0bchunked'], chunked],
    ['a blank before the colon of the coding', ['Transfer-Encoding : chunked'], chunked],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, identity'], chunked],
    ['two codings', [inChunks, 'Transfer-Encoding: identity'], chunked],
    ['a coding in quotes', ['Transfer-Encoding: "chunked"'], chunked],
    ['a folded coding', ['Transfer-Encoding:\r\n chunked'], chunked],
    ['a NUL before the coding', ['X: a\x00b', inChunks], chunked],
    ['a bare CR before the coding', [`X: a\r${inChunks}`], chunked],
    ['a bare LF before the coding', [`X: a\n${inChunks}`], chunked],
    ['a header without a name', [': x'], ''],
    ['a blank in the name of a header', ['X Y: z'], ''],
  ])('S-held: a head with %s is refused, and what follows is ignored', async (_, lines, body) => {
    const answers = await answersTo(`${head(...lines)}\r\n\r\n${body}${smuggled()}`);
    expect(answers).toEqual({ statuses: [400], smuggled: false });
  });

  test.each([
    ['bare line feeds', () => `${head('Content-Length: 0').replaceAll('\r\n', '\n')}\n\n`],
    ['no host', () => 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a blank in the target', () => `GET /health z HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['an unknown version', () => `GET /healthz HTTP/9.9\r\nHost: ${host}\r\n\r\n`],
    ['an invalid method', () => `G\u0001T /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ])('S-held: a request with %s is refused, and what follows is ignored', async (_, request) => {
    expect(await answersTo(request() + smuggled())).toEqual({ statuses: [400], smuggled: false });
  });

  test.each([
    ['a size with a sign', '+0\r\n\r\n'],
    ['an invalid size', '0x0\r\n\r\n'],
    ['more than its size', '1\r\nab\r\n0\r\n\r\n'],
    ['a size that overflows', `${'f'.repeat(20)}\r\n\r\n`],
    ['bare line feeds', '0\n\n'],
    ['a bare line feed after the data', '1\r\na\n0\r\n\r\n'],
    ['extensions without end', `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`],
  ])('S-held: whatever follows a chunk with %s is ignored', async (_, body) => {
    const { statuses, smuggled: heard } = await answersTo(`${head(inChunks)}\r\n\r\n${body}${smuggled()}`);
    expect(heard).toBe(false);
    // The request itself may have been answered before its body turned out invalid.
    expect(statuses.slice(0, 1)).toSatisfy(([first]: number[]) => first === 200 || (first ?? 0) >= 400);
    expect(statuses.slice(1).every((status) => status >= 400)).toBe(true);
  });

  test.each([
    ['one header too large', () => `X: ${'a'.repeat(20_000)}`],
    ['too many headers in total', () => Array.from({ length: 3_000 }, (_, i) => `X-${i}: a`).join('\r\n')],
  ])('S-held: %s is refused with 431', async (_, headers) => {
    const answers = await answersTo(`${head(headers())}\r\n\r\n${smuggled()}`);
    expect(answers).toEqual({ statuses: [431], smuggled: false });
  });

  test('ops T4: a callback whose address is too long gets a page that says so', async () => {
    const target = `/services/authcallback/Microsoft365?state=s&code=${'a'.repeat(20_000)}`;
    const reply = await sendRaw(argus.url, { target });
    expect(reply.status).toBe(431);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.text).toContain('アドレスまたは Cookie が長すぎる');
    expect(reply.text).not.toContain('aaaa');
  });

  test('S-held: an upgrade to another protocol is not performed', async () => {
    for (const upgrade of ['h2c', 'websocket', 'TLS/1.0']) {
      const lines = ['Connection: Upgrade, HTTP2-Settings, close', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'];
      const { statuses } = await answersTo(`${head(...lines, `Upgrade: ${upgrade}`)}\r\n\r\n`);
      expect(statuses, upgrade).toHaveLength(1);
      expect(statuses, upgrade).not.toContain(101);
    }
  });
});
