import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import pg from 'pg';
import { expect, test } from 'vitest';
import { serverSentence } from '../../src/platform/database/server-sentence.ts';

/** AuthenticationSASL of the protocol (55.7): the server offers SCRAM-SHA-256. */
function askForScram(): Buffer {
  const mechanisms = Buffer.from('SCRAM-SHA-256\0\0');
  const head = Buffer.alloc(9);
  head.write('R');
  head.writeInt32BE(8 + mechanisms.length, 1);
  head.writeInt32BE(10, 5);
  return Buffer.concat([head, mechanisms]);
}

/** AuthenticationSASLContinue, as a server answers the client's first message. */
function continueScram(first: Buffer): Buffer {
  const nonce = /r=([^,]+)$/.exec(first.toString('latin1'))?.[1] ?? '';
  const text = Buffer.from(`r=${nonce}x,s=${Buffer.from('salt').toString('base64')},i=4096`);
  const head = Buffer.alloc(9);
  head.write('R');
  head.writeInt32BE(8 + text.length, 1);
  head.writeInt32BE(11, 5);
  return Buffer.concat([head, text]);
}

test('ops T12: a URL without the password that the server asks for is told as that', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(askForScram());
      socket.once('data', (first: Buffer) => socket.write(continueScram(first)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new pg.Client({
    connectionString: `postgres://argus@127.0.0.1:${(server.address() as AddressInfo).port}/argus`,
  });
  client.on('error', () => {});
  try {
    const error: unknown = await client.connect().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(serverSentence(error)).toBe('the server asks for a password, and DATABASE_URL has none');
  } finally {
    server.close();
  }
});
