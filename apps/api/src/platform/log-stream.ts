import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import sonicBoom from 'sonic-boom';

/** What waits to be written; beyond that, lines are lost. Bytes. */
const mostWaiting = 4 * 1024 * 1024;
/** How long the last lines may take. Milliseconds. */
const lastLinesMs = 500;

/** Where the log goes. */
export interface LogStream {
  write(line: string): void;
  /** Waits for the last lines, for a moment. Nothing may be logged afterwards. */
  close(): Promise<void>;
}

/**
 * The log to a file descriptor, without waiting for the writes. Where it cannot be written (a full disk, a reader that has gone or stands
 * still), lines wait, at last get lost, and go on once it can. The stream that pino makes by itself ends the process at the first such
 * write, and then waits for ever for a last one to succeed.
 */
export function openLog(fd: number): LogStream {
  const stream = new sonicBoom.SonicBoom({ fd, sync: false, maxLength: mostWaiting });
  stream.on('error', () => {});
  return {
    write(line) {
      stream.write(line);
    },
    async close() {
      const isClosed = once(stream, 'close');
      stream.end();
      await Promise.race([isClosed, sleep(lastLinesMs)]).catch(() => undefined);
    },
  };
}
