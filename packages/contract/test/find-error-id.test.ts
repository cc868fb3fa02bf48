import { expect, test } from 'vitest';
import { findErrorId } from '../src/errors/find-error-id.ts';

test.each([
  ['7F3K-29QD'],
  [' 7f3k-29qd\n'],
  ['７Ｆ３Ｋ－２９ＱＤ'],
  ['7F3K–29QD'],
  ['7F3K29QD'],
  ['エラーID: 7F3K-29QD'],
  ['エラーID 7F3K-29QD · 10:42:07'],
  ['Error ID: 7f3k-29qd'],
  ['コード: authorization_provider_not_found\nエラーID: 7F3K-29QD'],
])('the error ID is read from %j', (pasted) => {
  expect(findErrorId(pasted)).toBe('7F3K-29QD');
});

test('the error ID is found in a whole text for the help desk, among GUIDs, dates and codes', () => {
  const pasted = [
    '件名: メールが見られません (AADS-TEST)',
    'エラーコード: mail_site_not_registered',
    'Correlation ID: c6f3a1de-2222-4b4b-8e8e-abcdefabcdef',
    'エラーID：7F3K-29QD',
    '時刻: 2026-11-21 10:42:07',
    'ホスト: graph.microsoft.com',
  ].join('\r\n');
  expect(findErrorId(pasted)).toBe('7F3K-29QD');
});

test.each([
  [''],
  ['メールが見られません'],
  ['c6f3a1de-2222-4b4b-8e8e-abcdefabcdef'],
  ['2026-11-21'],
  ['password is wrong'],
])('no error ID is seen in %j', (pasted) => {
  expect(findErrorId(pasted)).toBeUndefined();
});

test('letters that resemble digits are corrected', () => {
  expect(findErrorId('7F3K-29QO')).toBe('7F3K-29Q0');
  expect(findErrorId('IL3K-29QD')).toBe('113K-29QD');
});
