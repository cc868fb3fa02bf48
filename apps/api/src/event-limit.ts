/** Of one user and one code; of everybody who is not signed in, ten times as many. */
const mostPerMinute = 30;
const mostOfNobody = 10 * mostPerMinute;
const minuteMs = 60_000;

interface Kept {
  events: number;
  lastId: string;
}

export interface EventLimit {
  /**
   * Counts an event that is about to be kept under `id`. Gives the ID of the last one that was kept where there have
   * been too many in this minute: whoever reports it leads to the very same error.
   */
  take(event: { id: string; accountId: string | null; code: string; occurredAt: Date }): string | undefined;
}

/**
 * Keeps one user, or a page that reloads without end, from filling the error log. Counted in each process for itself:
 * several allow a few more.
 */
export function createEventLimit(): EventLimit {
  let minute = 0;
  const kept = new Map<string, Kept>();
  return {
    take({ id, accountId, code, occurredAt }) {
      const now = Math.floor(occurredAt.getTime() / minuteMs);
      if (now !== minute) kept.clear();
      minute = now;
      const key = `${accountId} ${code}`;
      const before = kept.get(key);
      if (before && before.events >= (accountId === null ? mostOfNobody : mostPerMinute)) return before.lastId;
      kept.set(key, { events: (before?.events ?? 0) + 1, lastId: id });
      return undefined;
    },
  };
}
