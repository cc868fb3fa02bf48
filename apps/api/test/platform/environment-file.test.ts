import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadEnvironmentFile } from '../../src/platform/environment-file.ts';

test.each([
  ['as an editor on Windows writes it, with a byte order mark', '\ufeffARGUS_MODE=production\r\nARGUS_PORT=1\r\n'],
  ['with quotes, comments and export', "# Argus\nexport ARGUS_MODE='production' # not the demo\nARGUS_PORT=1\n"],
])('ops T23, T24: .env is read %s, and what is set already wins', async (_, content) => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-env-'));
  try {
    await writeFile(join(folder, '.env'), content);
    const env = { ARGUS_PORT: '2' };
    loadEnvironmentFile(join(folder, '.env'), env);
    expect(env).toEqual({ ARGUS_MODE: 'production', ARGUS_PORT: '2' });
    expect(() => loadEnvironmentFile(join(folder, 'none'), env)).not.toThrow();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('ops T24: a file in UTF-16 is refused: no line of it would be found, and the demo would start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-env-'));
  try {
    await writeFile(join(folder, '.env'), 'ARGUS_MODE=production\n', 'utf16le');
    expect(() => loadEnvironmentFile(join(folder, '.env'), {})).toThrow('UTF-8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
