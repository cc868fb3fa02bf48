import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface DeadEnds {
  /** Opens a port that takes connections and never says a word. @returns its URL, `http://localhost:PORT` */
  openSilentPort(): Promise<string>;
  /** Holds a port on which nobody listens, nor can anybody begin to. @returns its URL, `http://localhost:PORT` */
  closedPortUrl(): Promise<string>;
  close(): Promise<void>;
}

/** Places where a connection leads nowhere, for tests of the time limits before any HTTP. */
export function createDeadEnds(host: string): DeadEnds {
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  return {
    async openSilentPort() {
      const server = createServer((socket) => keep(socket));
      const port = await listen(server, host);
      servers.add(server);
      return `http://localhost:${port}`;
    },
    async closedPortUrl() {
      // A port that was only given back may be a neighbour's server a moment later. The near end of a connection is taken,
      // and refuses connections.
      const server = createServer((socket) => keep(socket));
      const far = await listen(server, host);
      servers.add(server);
      const near = keep(connect(far, host));
      await once(near, 'connect');
      return `http://localhost:${near.localPort}`;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([...servers].map(close));
      servers.clear();
    },
  };
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
