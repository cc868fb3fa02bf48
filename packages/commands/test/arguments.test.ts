import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('an option that a command does not have is one sentence, and no stack', async () => {
  const runFile = join(import.meta.dirname, '../src/run.mjs');
  const ended = await new Promise<{ code: unknown; text: string }>((resolve) =>
    execFile(process.execPath, [runFile, 'test', '--hepl'], (error, stdout, stderr) =>
      resolve({ code: error?.code, text: stdout + stderr }),
    ),
  );
  expect(ended.code).toBe(1);
  expect(ended.text).toMatch(/^pnpm test: Unknown option '--hepl'[^\n]*\n$/);
});
