import fs from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { openLog } from '../../src/platform/log-stream.ts';

afterEach(() => vi.restoreAllMocks());

test('ops T28: lines that a full disk did not take are written once there is room, and the last one before the end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-log-'));
  const file = join(folder, 'argus.log');
  const fd = fs.openSync(file, 'a');
  try {
    const log = openLog(fd);
    const noSpace = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const write = vi.spyOn(fs, 'write').mockImplementation(((...args: unknown[]) => {
      setImmediate(args.at(-1) as (error: Error) => void, noSpace);
    }) as typeof fs.write);
    log.write('one\n');
    await sleep(20);
    log.write('two\n');
    await sleep(20);
    expect(await readFile(file, 'utf8')).toBe('');
    write.mockRestore();
    log.write('three\n');
    await log.close();
    expect(await readFile(file, 'utf8')).toBe('one\ntwo\nthree\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});
