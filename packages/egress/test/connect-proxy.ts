import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ConnectProxy = {
  readonly port: number;
  /** What was asked for, in order: `good.example:443`. */
  readonly asked: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
  /** Tunnels that are open now. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
};

/** How the proxy answers CONNECT: a tunnel, a status of its own, nothing at all, or it closes the connection. */
export type ProxyAnswer = 'tunnel' | 'silence' | 'close' | number;

/** An HTTP proxy on loopback that only knows CONNECT. Every name leads to 127.0.0.1, as if the proxy resolved it so. */
export async function startConnectProxy(
  options: {
    /** `user:password`; anything else is answered with 407. */
    readonly credentials?: string;
    readonly answer?: (authority: string) => ProxyAnswer;
    readonly identity?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  const tunnels = new Set<Socket>();
  const { credentials, answer = () => 'tunnel', identity } = options;
  const expected = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = identity ? createHttpsServer(identity) : createHttpServer();
  const kept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  server.on('connection', kept);
  server.on('connect', (request, client: Socket) => {
    const authority = request.url ?? '';
    asked.push(authority);
    headers.push(request.headers);
    client.on('error', () => {});
    const isKnown = expected === undefined || request.headers['proxy-authorization'] === expected;
    const next = isKnown ? answer(authority) : 407;
    if (next === 'silence') return;
    if (next === 'close') {
      client.destroy();
      return;
    }
    if (next !== 'tunnel') {
      client.end(`HTTP/1.1 ${next} By the proxy\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(Number(authority.split(':').at(-1)), '127.0.0.1');
    kept(target);
    target.once('connect', () => {
      tunnels.add(client);
      client.on('close', () => tunnels.delete(client)).on('end', () => client.destroy());
      // An end that is only read once nothing is left to write to would never be seen.
      target.on('close', () => client.end(() => client.resume()));
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    target.once('error', () => client.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'));
    client.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    headers,
    open: () => tunnels.size,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
