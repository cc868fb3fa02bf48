import type { Database } from '../platform/database/db.ts';
import { causeOf } from './records/error-cause-key.ts';
import { type NewErrorEvent, saveErrorEvents } from './records/error-events.ts';

interface Waiting {
  readonly event: NewErrorEvent;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/** Enough for any burst, and few enough for one statement. */
const mostAtOnce = 500;

/**
 * Stores events in the error log. Events of one incident that arrive while another is being written are written
 * together: if everybody encountered the same error at once, their writes would otherwise wait for each other's
 * count, each on its own connection, until the pool is exhausted.
 */
export function createEventKeeper(db: Database): (event: NewErrorEvent) => Promise<void> {
  /** Per incident, the callers waiting for the write in progress. */
  const queues = new Map<string, Waiting[]>();

  return (event) =>
    new Promise((kept, lost) => {
      const { key } = causeOf(event.code, event.params);
      const queue = queues.get(key);
      if (queue) {
        queue.push({ event, kept, lost });
      } else {
        const waiting = [{ event, kept, lost }];
        queues.set(key, waiting);
        void writeAll(key, waiting);
      }
    });

  /** Never rejects. */
  async function writeAll(key: string, queue: Waiting[]): Promise<void> {
    for (let [first] = queue; first; [first] = queue) {
      const batch = queue.splice(0, mostAtOnce);
      try {
        await saveErrorEvents(
          db,
          causeOf(first.event.code, first.event.params),
          batch.map(({ event }) => event),
        );
        for (const { kept } of batch) kept();
      } catch (error) {
        // The database failed, not one event; so all callers get this error, and none waits again.
        for (const { lost } of [...batch, ...queue.splice(0)]) lost(error);
      }
    }
    queues.delete(key);
  }
}
