import { randomInt } from 'node:crypto';
import getPort, { portNumbers } from 'get-port';

/** A TCP port that is free, and below those that the system gives to others by itself: it stays free until it is used. */
export function freePort(): Promise<number> {
  return getPort({ port: portNumbers(randomInt(11_000, 30_000), 32_767) });
}
