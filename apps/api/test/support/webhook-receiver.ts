import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a webhook was sent. */
interface Received {
  readonly path: string;
  readonly contentType: string;
  readonly body: unknown;
}

/** A server that takes webhooks, answers as it is told, and keeps what it was sent. */
export async function startWebhookReceiver() {
  const received: Received[] = [];
  let status = 200;
  let meanwhile: (() => Promise<void>) | undefined;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
      received.push({ path: request.url ?? '', contentType: request.headers['content-type'] ?? '', body });
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 200 ? 'ok' : 'no_service');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    received,
    answer(next: number) {
      status = next;
    },
    /** Does something before the next webhook is answered. */
    whileNext(work: () => Promise<void>) {
      meanwhile = work;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
