import { expect, test } from 'vitest';
import { shortenSearch } from './shorten-search.ts';

test('a pasted text of several lines becomes one line, with its words separated', () => {
  expect(shortenSearch('コード: mail_timeout\r\nエラーID: 7F3K-29QD\n')).toBe(
    'コード: mail_timeout エラーID: 7F3K-29QD',
  );
});

test('a text too long for an address keeps its beginning, its error ID and its AADSTS numbers', () => {
  const long = `メール ${'𠮷野家'.repeat(2_000)} AADSTS7000222: expired. エラーID: 7F3K-29QD AADSTS7000222`;
  const short = shortenSearch(long);
  expect(short).toMatch(/^7F3K-29QD AADSTS7000222 メール 𠮷野家/);
  expect(encodeURIComponent(short).length).toBeLessThanOrEqual(6_000);
});
