import { randomInt } from 'node:crypto';
import getPort, { portNumbers } from 'get-port';

/** A free TCP port below the system's ephemeral range, so that it stays free until it is used. */
export function freePort(): Promise<number> {
  return getPort({ port: portNumbers(randomInt(11_000, 30_000), 32_767) });
}
