import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const mebibyte = 1024 * 1024;

/** These bytes, then silence until the connection is closed. */
export function haltingBody(bytes: Buffer): Readable {
  const stream = new Readable({ read() {} });
  stream.push(bytes);
  return stream;
}

/** The body at a given rate; ends early when the fake closes. */
export function drippingBody(body: Buffer, bytesPerSecond: number, closing: AbortSignal): Readable {
  const rate = Math.max(bytesPerSecond, 0.1);
  const step = Math.max(1, Math.floor(rate / 10));
  const pause = (step / rate) * 1000;
  return Readable.from(
    (async function* () {
      for (let sent = 0; sent < body.length; sent += step) {
        yield body.subarray(sent, sent + step);
        await sleep(pause, undefined, { signal: closing, ref: false });
      }
    })(),
    { objectMode: false, highWaterMark: 1 },
  );
}

/** Valid JSON of (at least) that many bytes, generated while it is read. */
export function hugeJson(bytes: number): Readable {
  const head = '{"value":[],"padding":"';
  const tail = '"}';
  const chunk = Buffer.alloc(64 * 1024, 'a');
  return Readable.from(
    (function* () {
      yield Buffer.from(head);
      for (let left = bytes - head.length - tail.length; left > 0; left -= chunk.length) {
        yield left >= chunk.length ? chunk : chunk.subarray(0, left);
      }
      yield Buffer.from(tail);
    })(),
    { objectMode: false },
  );
}

/** About one byte per thousand of its expanded size: gzip allows a body of many members, so one MiB is repeated. */
export function gzipBomb(bytes: number): Readable {
  const member = gzipSync(Buffer.alloc(mebibyte, ' '), { level: 9 });
  const members = Math.max(1, Math.ceil(bytes / mebibyte));
  return Readable.from(
    (function* () {
      for (let count = 0; count < members; count += 1) yield member;
    })(),
    { objectMode: false },
  );
}

/** Cut in the middle: the rest is not valid JSON. */
export function cutInHalf(body: Buffer): Buffer {
  return body.subarray(0, Math.ceil(body.length / 2));
}

/** The same JSON with other fields; null removes one. */
export function alteredJson(body: Buffer, fields: Record<string, unknown>): string {
  const changed: Record<string, unknown> = { ...JSON.parse(body.toString('utf8')), ...fields };
  return JSON.stringify(Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null)));
}

/** Gives every value another type: numbers for strings, texts for numbers and booleans, objects for lists. */
export function wrongTypes(value: unknown): unknown {
  if (Array.isArray(value)) return { unexpected: value.length };
  switch (typeof value) {
    case 'string':
      return value.length;
    case 'number':
      return 'not a number';
    case 'boolean':
      return 'not a boolean';
    default:
      if (value === null) return { unexpected: true };
      return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, wrongTypes(entry)]));
  }
}
