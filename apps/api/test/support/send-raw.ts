import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

// Kept alive: thousands of requests take seconds.
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Sends a request whose target is left as it is: `fetch` would tidy it up. */
export function sendRaw(
  url: string,
  request: {
    readonly method?: string;
    readonly target: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  },
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', target, headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path: target, headers, agent }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
      reply.on('error', reject);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server ended a kept connection at the very moment: what it was sent then, it has not read.
      if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(sendRaw(url, request));
      else reject(error);
    });
    sent.end(body);
  });
}

/**
 * Writes bytes to a connection of its own and gives everything that comes back until the other side ends it, or is silent
 * for `patienceMs`: long enough for a busy machine, as a reply that is late would count as none.
 */
export function sendBytes(url: string, bytes: string, patienceMs = 3_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      reply += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(reply));
  });
}

/**
 * Writes these requests to a connection each in one go, so that all have arrived before the first is answered; gives the
 * replies as they came.
 */
export async function sendAtOnce(url: string, requests: readonly string[]): Promise<readonly string[]> {
  const { hostname, port } = new URL(url);
  const sockets = await Promise.all(
    requests.map(async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return socket;
    }),
  );
  for (const [index, socket] of sockets.entries()) socket.write(requests[index] ?? '', 'latin1');
  return Promise.all(
    sockets.map(async (socket) => {
      let reply = '';
      for await (const chunk of socket) reply += chunk;
      return reply;
    }),
  );
}
