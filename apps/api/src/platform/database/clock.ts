import type { Db } from './db.ts';

/** A difference that confuses whoever compares logs. Milliseconds. */
export const tellingClockMs = 10_000;

/** How far the clock of the database is ahead of `now`. Milliseconds. */
export async function clockAheadMs(db: Db, now: () => Date): Promise<number> {
  const sentAt = now().getTime();
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  const middle = (sentAt + now().getTime()) / 2;
  return (row?.now.getTime() ?? middle) - middle;
}
