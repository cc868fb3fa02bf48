import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorCodes } from '@argus/contract/errors/codes';
import type { PurposeErrors } from '@argus/contract/errors/compose';
import { purposeErrors } from '@argus/contract/errors/error-catalogue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../src/repository-root.ts';
import { lostCodes, orderedCodes, withCodes, writeErrorCodes } from '../src/write-error-codes.ts';

const file = 'packages/contract/src/errors/codes.ts';
const purposes: readonly PurposeErrors[] = Object.values(purposeErrors);
const { csv } = purposeErrors;
const { file_too_large } = csv.causes;

describe('the list of codes', () => {
  test('is as the command writes it', () => {
    expect(orderedCodes(errorCodes, purposes)).toEqual(errorCodes);
    expect(lostCodes(errorCodes, purposes)).toEqual([]);
  });

  test('takes a new cause at the end of its purpose, and leaves every other code where it is', () => {
    const more: PurposeErrors = { ...csv, causes: { a_new_one: file_too_large, ...csv.causes } };
    const others = purposes.map((errors) => (errors.purpose === 'csv' ? more : errors));
    const ordered = orderedCodes(errorCodes, others);
    expect(ordered.filter((code) => code !== 'csv_a_new_one')).toEqual(errorCodes);
    expect(ordered[ordered.indexOf('csv_a_new_one') - 1]).toBe('csv_character_missing');
  });

  test('names the codes that it would lose', () => {
    const others = purposes.map((errors) =>
      errors.purpose === 'csv' ? { ...csv, causes: { file_too_large } } : errors,
    );
    expect(lostCodes(errorCodes, others)).toContain('csv_file_invalid');
    expect(lostCodes(errorCodes, others)).not.toContain('csv_file_too_large');
  });

  test('is the only part of its file that changes', async () => {
    const source = await readFile(join(repositoryRoot, file), 'utf8');
    expect(withCodes(source, errorCodes)).toBe(source);
    const [before, after] = source.split(/^(?: {2}'[a-z_]+',\n)+/m);
    expect(withCodes(source, ['one_code'])).toBe(`${before}  'one_code',\n${after}`);
  });
});

describe('the command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-codes-'));
    await mkdir(dirname(join(folder, file)), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('writes the missing codes', async () => {
    const source = await readFile(join(repositoryRoot, file), 'utf8');
    await writeFile(join(folder, file), source.replace("  'mail_timeout',\n", ''));
    expect(await writeErrorCodes([], folder)).toBe(0);
    expect(await readFile(join(folder, file), 'utf8')).toBe(source);
  });
});
