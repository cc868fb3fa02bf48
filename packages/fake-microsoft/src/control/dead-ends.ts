import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface DeadEnds {
  /**
   * Opens a port that accepts connections and never answers.
   * @returns its URL, `http://localhost:PORT`
   */
  openSilentPort(): Promise<string>;
  /**
   * Reserves a port on which nothing listens or can listen.
   * @returns its URL, `http://localhost:PORT`
   */
  closedPortUrl(): Promise<string>;
  close(): Promise<void>;
}

/** Dead connections, for tests of the timeouts before any HTTP. */
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
      // A port that was merely released may be another test's server a moment later. The near end of a connection is
      // in use, and refuses connections.
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
