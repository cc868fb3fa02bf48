/** Per user and code; for all who are not signed in, ten times as many. */
const mostPerMinute = 30;
const mostOfNobody = 10 * mostPerMinute;
const minuteMs = 60_000;

interface Counted {
  events: number;
  /** The ID of the last stored event, once known; undefined while none was stored. */
  lastId: Promise<string | undefined>;
}

export interface EventLimit {
  /**
   * Stores an event, unless there were too many of its kind in this minute. Never rejects.
   * @param store resolves with whether the event is in the error log
   * @returns the ID under which the error can be found: its own or, beyond the limit, that of the last stored event
   * like it; undefined where there is none
   */
  take(
    event: { readonly id: string; readonly accountId: string | null; readonly code: string; readonly occurredAt: Date },
    store: () => Promise<boolean>,
  ): Promise<string | undefined>;
}

/**
 * Limits how many events one user, or an endlessly reloading page, can add to the error log. Only stored events
 * count. Each process counts for itself, so several processes allow a few more.
 */
export function createEventLimit(): EventLimit {
  let minute = 0;
  const counts = new Map<string, Counted>();
  return {
    take({ id, accountId, code, occurredAt }, store) {
      const now = Math.floor(occurredAt.getTime() / minuteMs);
      if (now !== minute) counts.clear();
      minute = now;
      const key = `${accountId} ${code}`;
      const counted = counts.get(key) ?? { events: 0, lastId: Promise.resolve(undefined) };
      counts.set(key, counted);
      if (counted.events >= (accountId === null ? mostOfNobody : mostPerMinute)) return counted.lastId;
      counted.events += 1;
      const before = counted.lastId;
      const stored = store();
      counted.lastId = stored.then((isStored) => (isStored ? id : before));
      return stored.then((isStored) => {
        if (!isStored) counted.events -= 1;
        return isStored ? id : undefined;
      });
    },
  };
}
