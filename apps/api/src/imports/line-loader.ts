import { type BulkSession, copyLine } from '../platform/database/bulk-session.ts';

const linesPerCopy = 5_000;

/** Loads lines into a table of a session in batches, each while the next is being read. */
export interface LineLoader {
  add(cells: readonly (string | number | boolean | null)[]): void;
  /** Sends the collected lines once there are enough; waits where the database is slower than the reader. */
  drain(): Promise<void>;
  /** Sends the rest and waits until all of it is stored. */
  end(): Promise<void>;
}

export function createLineLoader(session: BulkSession, table: string, columns: readonly string[]): LineLoader {
  let gathered: string[] = [];
  let loading = Promise.resolve();
  const send = async () => {
    const lines = gathered.join('');
    gathered = [];
    await loading;
    loading = session.copy(table, columns, lines);
    // The next await reports it.
    loading.catch(() => {});
  };
  return {
    add(cells) {
      gathered.push(copyLine(cells));
    },
    async drain() {
      if (gathered.length >= linesPerCopy) await send();
    },
    async end() {
      if (gathered.length > 0) await send();
      await loading;
    },
  };
}
