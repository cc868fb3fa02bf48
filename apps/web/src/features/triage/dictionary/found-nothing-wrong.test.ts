import { expect, test } from 'vitest';
import { foundNothingWrong } from './found-nothing-wrong.ts';

test.each([
  [
    '接続の確認で問題は見つかりませんでした。 確認日時: 2026/11/22 接続の確認: ・アカウントの紐づけ: 成功 ・メールの取得: 成功',
    true,
  ],
  ['Connection check: ・Account link: OK ・Connection to the token endpoint (TLS): Cannot be checked', true],
  ['接続の確認: ・アカウントの紐づけ: 成功 ・認証の有無: 失敗', false],
  ['接続の確認: ・アカウントの紐づけ: 成功 ・メールの取得: 未到達', false],
  ['アカウントの紐づけ', false],
  ['', false],
])('%j: %j', (text, nothing) => {
  expect(foundNothingWrong(text)).toBe(nothing);
});
