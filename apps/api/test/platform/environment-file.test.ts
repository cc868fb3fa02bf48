import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '../../src/platform/config.ts';
import { loadEnvironmentFile } from '../../src/platform/environment-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-env-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a file of this content sets, and what is told of it. */
function read(content: string, env: Record<string, string> = {}) {
  writeFileSync(file, content, { mode: 0o600 });
  const told: string[] = [];
  loadEnvironmentFile(file, env, (sentence) => told.push(sentence));
  return { env, told };
}

function faultsOf(content: string): readonly string[] {
  try {
    read(content);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test.each([
  ['as an editor on Windows writes it, with a byte order mark', '\ufeffARGUS_MODE=production\r\nARGUS_PORT=1\r\n'],
  ['with quotes, comments and export', "# Argus\nexport ARGUS_MODE='production' # not the demo\nARGUS_PORT=1\n"],
  ['with CR as its line ends', '# Argus\rARGUS_MODE=production\rARGUS_PORT=1\r'],
  ['with blanks around', '  ARGUS_MODE = production  \n\n \t\nARGUS_PORT=1'],
])('ops T23, T24: .env is read %s, and what is set already wins', (_, content) => {
  expect(read(content, { ARGUS_PORT: '2' }).env).toEqual({ ARGUS_MODE: 'production', ARGUS_PORT: '2' });
  expect(() => loadEnvironmentFile(join(folder, 'none'), {})).not.toThrow();
});

test('ops T24: a value in quotes may go on over lines, and anything may stand in it', () => {
  const { env } = read(`NOTE="one\n- two: \\\n$env:three" # ends\nARGUS_DATA_DIR=C:\\argus\\\nARGUS_MODE=demo\n`);
  expect(env).toEqual({ NOTE: 'one\n- two: \\\n$env:three', ARGUS_DATA_DIR: 'C:\\argus\\', ARGUS_MODE: 'demo' });
});

test('ops T24: a setting that stands there twice is told, and the last one counts', () => {
  const { env, told } = read(
    'ARGUS_PORT=1\nNOTE="\nARGUS_MODE=x"\nARGUS_MODE=demo\nOTHER=1\nOTHER=2\nexport ARGUS_PORT=2\n',
  );
  expect(env).toMatchObject({ ARGUS_PORT: '2', ARGUS_MODE: 'demo' });
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('sets ARGUS_PORT more than once');
});

test('ops T24: a file in UTF-16 is refused: no line of it would be found, and the demo would start', () => {
  writeFileSync(file, 'ARGUS_MODE=production\n', 'utf16le');
  expect(() => loadEnvironmentFile(file, {})).toThrow('UTF-8');
});

test.each([
  ['$env:ARGUS_MODE="canary"', '$env:'],
  ['set ARGUS_MODE=canary', 'remove the set'],
  ['SET ARGUS_MODE=canary', 'remove the set'],
  ['- ARGUS_MODE=canary', 'remove the YAML -'],
  ['ARGUS_VAULT_KEYS: k1:canary=', 'use = instead of :'],
  ['ARGUS_VAULT_KEYS:k1:canary=', 'use = instead of :'],
  ['  "ARGUS_MODE": "canary",', 'use = instead of :'],
  ['ARGUS_MODE=canary \\', 'remove the \\'],
  ['ARGUS_MODE=canary\\', 'remove the \\'],
  ['export\tARGUS_MODE=canary', 'one space after export'],
  ["ARGUS_MODE='canary", 'the quote is not closed'],
  ["ARGUS_MODE='demo' DATABASE_URL='canary'", 'after the closing quote'],
  ['ARGUS_MODE canary', 'is not NAME=value.'],
  ['ARGUS-MODE=canary', 'is not NAME=value.'],
  ['[canary]', 'is not NAME=value.'],
])('ops T24: the line %s is a fault with its number and a hint, without its content', (line, hint) => {
  for (const end of ['\n', '\r\n', '\r']) {
    const faults = faultsOf(['# Argus', 'ARGUS_PORT=1', line, ''].join(end));
    expect(faults).toEqual([expect.stringMatching(/の 3 行目は.*[぀-ヿ].* \/ Line 3 of .* is not NAME=value/)]);
    expect(faults[0]).toContain(hint);
    expect(faults[0]).not.toContain('canary');
  }
});

test('ops T24: of a file of another kind, the first lines are named and the others counted', () => {
  const faults = faultsOf('<x>\n'.repeat(100));
  expect(faults).toHaveLength(6);
  expect(faults.at(-1)).toContain('has 95 more such lines');
});

test.each([
  ['', 1],
  ['# ARGUS_MODE=production\n', 1],
  ['MODE=production\n', 1],
  ['DATABASE_URL=postgres://a@b/c\n', 0],
  ['ARGUS_TYPO=1\n', 0],
])('ops T24: a file of %o is said to set nothing of Argus %i times', (content, times) => {
  expect(read(content).told).toEqual(
    Array(times).fill(expect.stringMatching(/設定は1つもありません。 \/ .* contains no Argus settings/)),
  );
});

test('ops T24: a file with secrets that every user of the machine can read is told, and is read all the same', () => {
  const content = 'ARGUS_PORT=1\nARGUS_VAULT_KEYS=k1:x\n';
  writeFileSync(file, content);
  chmodSync(file, 0o644);
  expect(read(content)).toMatchObject({ env: { ARGUS_PORT: '1' }, told: [expect.stringContaining('chmod 600')] });
  chmodSync(file, 0o640);
  expect(read(content).told).toEqual([]);
  chmodSync(file, 0o644);
  expect(read('ARGUS_PORT=1\n').told).toEqual([]);
});
