import type { Database } from '../platform/database/db.ts';
import { causeOf } from './records/error-cause-key.ts';
import { type NewErrorEvent, saveErrorEvents } from './records/error-events.ts';

interface Waiting {
  readonly event: NewErrorEvent;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/** Many enough for any crowd, and few enough for one statement. */
const mostAtOnce = 500;

/**
 * Stores events in the error log. Events of one cause that arrive while one of them is being written are written together:
 * when everybody meets the same error at once, they would otherwise wait for each other's count of it, each on a
 * connection of its own, until the pool is empty.
 */
export function createEventKeeper(db: Database): (event: NewErrorEvent) => Promise<void> {
  /** By cause, who waits for the write that is on its way. */
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
