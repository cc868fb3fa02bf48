import { expect, test } from 'vitest';
import { selfCheckText } from './text.ts';

const steps = [
  { id: 'mailbox', state: 'cannot_check' },
  { id: 'messages', state: 'ok' },
] as const;
const endedAt = new Date('2026-05-06T15:04:05Z');

test('the text for the help desk states the time in Japan, the finding and every step', () => {
  expect(selfCheckText(steps, endedAt, undefined, 'ja').split('\n')).toEqual([
    '接続の確認で問題は見つかりませんでした。',
    '確認日時: 2026/05/07 0:04:05 JST',
    '接続の確認:',
    expect.stringMatching(/^・.+: .+$/),
    expect.stringMatching(/^・.+: .+$/),
  ]);
  expect(selfCheckText(steps, endedAt, undefined, 'en').split('\n').slice(0, 3)).toEqual([
    'The connection check found no problems.',
    'Checked at: 7 May 2026, 00:04:05 GMT+9',
    'Connection check:',
  ]);
});

test('S-3: a check that ended before the mail step does not report that nothing is wrong', () => {
  for (const state of ['not_reached', 'cannot_check'] as const) {
    const unfinished = [{ id: 'refresh', state: 'ok' } as const, { id: 'messages', state } as const];
    expect(selfCheckText(unfinished, endedAt, undefined, 'ja').split('\n')[0]).toBe(
      '確認できた範囲に問題はありませんが、メールの取得までは確認できませんでした。',
    );
  }
});
