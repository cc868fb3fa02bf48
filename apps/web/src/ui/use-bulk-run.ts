import { useRef, useState } from 'react';

/** One row on which the action failed, and the error. */
export interface BulkFailure<Row> {
  readonly row: Row;
  readonly error: unknown;
}

export interface BulkProgress<Row> {
  readonly state: 'idle' | 'running' | 'ended';
  readonly total: number;
  readonly succeeded: readonly Row[];
  readonly failures: readonly BulkFailure<Row>[];
  /** Ended before the last row, because the user asked. */
  readonly stopped: boolean;
}

const idle = { state: 'idle', total: 0, succeeded: [], failures: [], stopped: false } as const;

/** Does the same to several rows, one after the other: a failure does not keep it from the others. */
export function useBulkRun<Row>() {
  const [progress, setProgress] = useState<BulkProgress<Row>>(idle);
  const stopping = useRef(false);

  /** @param work returns the row as it is afterwards */
  async function run(rows: readonly Row[], work: (row: Row) => Promise<Row>): Promise<void> {
    stopping.current = false;
    let now: BulkProgress<Row> = { ...idle, state: 'running', total: rows.length };
    setProgress(now);
    for (const row of rows) {
      if (stopping.current) break;
      try {
        now = { ...now, succeeded: [...now.succeeded, await work(row)] };
      } catch (error) {
        now = { ...now, failures: [...now.failures, { row, error }] };
      }
      setProgress(now);
    }
    const done = now.succeeded.length + now.failures.length;
    setProgress({ ...now, state: 'ended', stopped: done < rows.length });
  }

  function stop() {
    stopping.current = true;
  }

  return { progress, run, stop };
}
