import { csvPartBytes } from '@argus/contract/csv-limits';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type request, UnreachableError } from '../../lib/api-client.ts';
import { UnreadableFileError, type UploadProgress, uploadFile } from './upload-file.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Sent {
  readonly key: string;
  readonly options: { params?: { index?: number }; body?: unknown };
}

/** An API that accepts everything, except `faults`: how many tries of each part fail. */
function server(faults: Record<number, number> = {}, fault: () => unknown = () => new UnreachableError('no_answer')) {
  const calls: Sent[] = [];
  const call = async (key: string, options: Sent['options']) => {
    calls.push({ key, options });
    const index = options.params?.index;
    if (index !== undefined && (faults[index] ?? 0) > 0) {
      faults[index] = (faults[index] ?? 0) - 1;
      throw fault();
    }
    return { id: 7, state: 'reading' };
  };
  return { calls, call: call as unknown as typeof request, keys: () => calls.map(({ key }) => key.split('/').at(-1)) };
}

const { signal } = new AbortController();
const file = (bytes: number) => new File([new Uint8Array(bytes)], 'links.csv');

async function upload(api: ReturnType<typeof server>, bytes: number, abort: AbortSignal = signal) {
  const told: UploadProgress[] = [];
  const onProgress = (progress: UploadProgress) => told.push(progress);
  const done = uploadFile(file(bytes), 'users', { signal: abort, onProgress, call: api.call }).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  await vi.runAllTimersAsync();
  return { ...(await done), told };
}

test('a file is sent in parts, each once, and then read', async () => {
  const api = server();
  const { value, told } = await upload(api, csvPartBytes * 2 + 5);
  expect(api.keys()).toEqual(['csv-imports', ':index', ':index', ':index', 'read']);
  expect(api.calls[0]?.options.body).toEqual({
    table: 'users',
    fileName: 'links.csv',
    fileBytes: csvPartBytes * 2 + 5,
  });
  const sizes = api.calls.slice(1, 4).map(({ options }) => (options.body as ArrayBuffer).byteLength);
  expect(sizes).toEqual([csvPartBytes, csvPartBytes, 5]);
  expect(told.map(({ sent }) => sent)).toEqual([csvPartBytes, csvPartBytes * 2, csvPartBytes * 2 + 5]);
  expect(value).toMatchObject({ id: 7 });
});

test('an empty file is announced and read, so that the server says what is wrong with it', async () => {
  const api = server();
  await upload(api, 0);
  expect(api.keys()).toEqual(['csv-imports', 'read']);
});

test('a part whose connection was lost is sent again, twice at most', async () => {
  const api = server({ 0: 2 });
  const { value, told } = await upload(api, 9);
  expect(api.keys()).toEqual(['csv-imports', ':index', ':index', ':index', 'read']);
  expect(told.map(({ retrying }) => retrying)).toEqual([true, true, false]);
  expect(value).toMatchObject({ id: 7 });
});

test('an upload that stays without a connection is cancelled, in the browser and on the server', async () => {
  const api = server({ 0: 3 });
  const { error } = await upload(api, 9);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(api.keys()).toEqual(['csv-imports', ':index', ':index', ':index', 'cancel']);
});

test('what the server refuses is not sent again', async () => {
  const refusal = new Error('refused');
  const api = server({ 0: 1 }, () => refusal);
  const { error } = await upload(api, 9);
  expect(error).toBe(refusal);
  expect(api.keys()).toEqual(['csv-imports', ':index', 'cancel']);
});

test('an upload that is stopped does not try again', async () => {
  const controller = new AbortController();
  const api = server({ 0: 9 }, () => {
    setTimeout(() => controller.abort(), 500);
    return new UnreachableError('no_answer');
  });
  const { error } = await upload(api, 9, controller.signal);
  expect(error).toMatchObject({ name: 'AbortError' });
  expect(api.keys()).toEqual(['csv-imports', ':index', 'cancel']);
});

test('a file that changed on the disk is distinguished from a lost connection', async () => {
  const api = server();
  const changed = file(9);
  changed.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('x', 'NotReadableError')) }) as Blob;
  await expect(uploadFile(changed, 'users', { signal, onProgress: () => undefined, call: api.call })).rejects.toThrow(
    UnreadableFileError,
  );
  expect(api.keys()).toEqual(['csv-imports', 'cancel']);
});
