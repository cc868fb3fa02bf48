import { expect, test } from 'vitest';
import { selfCheckText } from './text.ts';

const steps = [
  { id: 'suffix', state: 'ok' },
  { id: 'provider', state: 'not_reached' },
] as const;
const endedAt = new Date('2026-05-06T15:04:05Z');

test('the text for the help desk tells the time of Japan, what was found, and every step', () => {
  expect(selfCheckText(steps, endedAt, undefined, 'ja').split('\n')).toEqual([
    '接続の確認で問題は見つかりませんでした。',
    '確認日時: 2026/05/07 0:04:05 JST',
    '接続の確認:',
    expect.stringMatching(/^・.+: .+$/),
    expect.stringMatching(/^・.+: .+$/),
  ]);
  expect(selfCheckText(steps, endedAt, undefined, 'en').split('\n').slice(0, 3)).toEqual([
    'The check of the connection found nothing wrong.',
    'Checked: 7 May 2026, 00:04:05 GMT+9',
    'Check of the connection:',
  ]);
});
