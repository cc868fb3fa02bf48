import { expect, test } from 'vitest';
import { entryPath, listPath } from './entry-path.ts';

test('an entry has a plain address, and adds to it the error concerned and the search that led there', () => {
  expect(entryPath('mail_timeout')).toBe('/admin/error-catalogue/mail_timeout');
  const path = entryPath('mail_timeout', { errorId: '7F3K-29QD', q: 'AADSTS 1', area: undefined });
  expect(path).toBe('/admin/error-catalogue/mail_timeout?errorId=7F3K-29QD&q=AADSTS+1');
});

test('the way back keeps the search, and nothing else', () => {
  expect(listPath({})).toBe('/admin/error-catalogue');
  const from = { errorId: '7F3K-29QD', q: 'AADSTS 1', area: 'mail', mender: 'user' };
  expect(listPath(from)).toBe('/admin/error-catalogue?q=AADSTS+1&area=mail&mender=user');
});
