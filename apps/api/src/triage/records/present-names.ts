import type { Db } from '../../platform/database/db.ts';

/** The usernames that accounts have now, by id; those that are gone are not in it. */
export type PresentNames = ReadonlyMap<string, string>;

/** The present names of those whose errors these are. */
export async function readPresentNames(
  db: Db,
  events: readonly ({ readonly accountId: string | null } | null)[],
): Promise<PresentNames> {
  const ids = [...new Set(events.flatMap((event) => event?.accountId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db.account.findMany({ where: { id: { in: ids } }, select: { id: true, username: true } });
  return new Map(rows.map(({ id, username }) => [id, username]));
}
