import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

// Kept alive, as thousands of requests take seconds otherwise.
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Sends a request with its target unchanged: `fetch` would normalize it. */
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
      // The server closed the kept-alive connection at this very moment, so it did not read the request.
      if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(sendRaw(url, request));
      else reject(error);
    });
    sent.end(body);
  });
}

/**
 * Writes bytes to its own connection and returns everything that comes back until the other side closes it, or is
 * silent for `patienceMs`: long enough for a busy machine, as a late reply would count as none.
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
 * Writes each request to its own connection in one go, so that all have arrived before the first is answered; returns
 * the replies.
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
