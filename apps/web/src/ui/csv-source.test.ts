import type { CsvCheck } from '@argus/contract/endpoints/imports/csv-exports';
import { expect, test, vi } from 'vitest';
import { type CsvSource, csvAddress, findMissingCharacters, isFiltered, missingLimit } from './csv-source.ts';

const all: CsvSource = { table: 'account_links', filter: {} };

test('a file has the search, the filter and the time zone of the table it is exported from', () => {
  const source: CsvSource = { table: 'account_links', filter: { q: '山田 & 鈴木', state: 'mismatch' } };
  const address = csvAddress(source, { form: 'import', encoding: 'cp932' }, 'Asia/Tokyo');
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  expect(pathname).toBe('/api/admin/account-links/csv');
  expect(Object.fromEntries(searchParams)).toEqual({
    form: 'import',
    encoding: 'cp932',
    timeZone: 'Asia/Tokyo',
    q: '山田 & 鈴木',
    state: 'mismatch',
  });
});

test('the export of users has no form, and a filter for inactive users counts as a filter', () => {
  const source: CsvSource = { table: 'users', filter: { active: false, q: '' } };
  expect(csvAddress(source, { form: 'full', encoding: 'utf-8' }, 'UTC')).toBe(
    '/api/admin/users/csv?encoding=utf-8&timeZone=UTC&active=false',
  );
  expect(isFiltered(source)).toBe(true);
  expect(isFiltered({ table: 'users', filter: { q: '' } })).toBe(false);
});

const found = (count: number): CsvCheck['missing'] =>
  Array.from({ length: count }, (_, row) => ({
    row,
    column: 'ユーザ名',
    character: '𠮷',
    codePoint: 'U+20BB7',
    value: '𠮷野',
  }));

test('every part is checked, each from where the one before ended', async () => {
  const parts: CsvCheck[] = [
    { checked: 10, total: 25, next: 'a', missing: [] },
    { checked: 20, total: 25, next: 'b', missing: found(2) },
    { checked: 25, total: 25, next: null, missing: found(1) },
  ];
  const check = vi.fn(async () => parts.shift() as CsvCheck);
  const told: number[] = [];
  const result = await findMissingCharacters(all, 'full', new AbortController().signal, (n) => told.push(n), check);
  expect(result).toEqual({ missing: [...found(2), ...found(1)], more: false });
  expect(told).toEqual([10, 20, 25]);
  expect(check.mock.calls.map((call: unknown[]) => call[2])).toEqual([
    { after: undefined, checked: 0 },
    { after: 'a', checked: 10 },
    { after: 'b', checked: 20 },
  ]);
});

test('the search ends once the list is full', async () => {
  let parts = 5;
  const check = vi.fn(async (): Promise<CsvCheck> => {
    return { checked: 9, total: 900, next: --parts > 0 ? 'a' : null, missing: found(60) };
  });
  const result = await findMissingCharacters(all, 'full', new AbortController().signal, () => undefined, check);
  expect(check).toHaveBeenCalledTimes(2);
  expect(result.missing).toHaveLength(missingLimit);
  expect(result.more).toBe(true);
});

test('errors are exported as they are filtered, without a check beforehand', async () => {
  const source: CsvSource = { table: 'error_events', filter: { causeId: 12, from: '2026-11-21T00:00:00.000Z' } };
  expect(csvAddress(source, { form: 'full', encoding: 'utf-8' }, 'UTC')).toBe(
    '/api/admin/error-events/csv?encoding=utf-8&timeZone=UTC&causeId=12&from=2026-11-21T00%3A00%3A00.000Z',
  );
  const none = await findMissingCharacters(source, 'full', new AbortController().signal, () => {});
  expect(none).toEqual({ missing: [], more: false });
});
