import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Socket } from 'node:net';

/** A TCP relay that can freeze (accepts but stays silent, like a hung server) and go down. */
export interface FlakyProxy {
  port: number;
  freeze(): void;
  thaw(): void;
  /** Cuts all connections and refuses new ones. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export async function startFlakyProxy(targetHost: string, targetPort: number): Promise<FlakyProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const newServer = () =>
    createServer((near) => {
      const far = dial(targetPort, targetHost);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (chunk) => {
          if (!frozen) to.write(chunk);
        });
        from.on('error', () => {});
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
  let server = newServer();
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
    },
    async down() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async up() {
      frozen = false;
      server = newServer();
      await listen(port);
    },
  };
}
