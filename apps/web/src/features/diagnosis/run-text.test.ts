import type { DoctorRunView } from '@argus/contract/endpoints/diagnosis';
import { expect, test } from 'vitest';
import { doctor } from '../../i18n/ja/diagnosis/doctor.ts';
import { latencyText, runText } from './run-text.ts';

const run: DoctorRunView = {
  id: '00000000-0000-4000-8000-000000000001',
  state: 'ended',
  username: 'taro.yamada@argus.example',
  accountId: '00000000-0000-4000-8000-000000000002',
  presentUsername: 'taro.yamada@argus.example',
  startedBy: 'admin@argus.example',
  startedAt: '2026-11-21T01:42:07.000Z',
  endedAt: '2026-11-21T01:42:09.000Z',
  firstFailure: 'client_secret',
  steps: [
    { id: 'suffix', state: 'ok', latencyMs: 2, reason: null, facts: [{ name: 'suffix', value: 'Microsoft365' }] },
    { id: 'token_tls', state: 'cannot_check', latencyMs: null, reason: 'plain_http', facts: [] },
    {
      id: 'client_secret',
      state: 'failed',
      latencyMs: 1234,
      reason: null,
      facts: [{ name: 'traceId', value: 'b7f1' }],
      problem: {
        type: '/errors/authorization_secret_rejected',
        title: '認証に失敗しました。',
        status: 502,
        detail: '認証に失敗しました。\nシステム管理者に連絡してください。',
        code: 'authorization_secret_rejected',
        lines: ['認証に失敗しました。', 'システム管理者に連絡してください。'],
        retry: { kind: 'no' },
        errorId: '7F3K-29QD',
        occurredAt: '2026-11-21T01:42:08.000Z',
        admin: {
          stage: 'token',
          causes: [
            {
              condition: '秘密に誤りがある場合。',
              remedy: '「コンシューマの秘密」を確認してください。',
              menders: ['portal_admin'],
            },
          ],
        },
      },
    },
    { id: 'messages', state: 'not_reached', latencyMs: null, reason: null, facts: [] },
  ],
};

test('the text of a run lists each step with its reason, message, remedy, error ID and facts', () => {
  const lines = runText(run, doctor, 'ja').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '対象：taro.yamada@argus.example',
      '1. 認証プロバイダURL接尾辞: 成功 (2 ミリ秒)',
      '   認証プロバイダURL接尾辞: Microsoft365',
      '2. トークンエンドポイントへの接続（TLS）: 確認できません',
      '   http:// のURLのため、サーバ証明書はありません。通信の内容は暗号化されません。',
      '3. コンシューマ鍵とコンシューマの秘密: 失敗 (1.2 秒)',
      '   システム管理者に連絡してください。',
      '   authorization_secret_rejected · 7F3K-29QD',
      '   → 「コンシューマの秘密」を確認してください。',
      '   Trace ID: b7f1',
      '4. メールの取得: 未到達',
    ]),
  );
});

test('a time below a second is given in milliseconds', () => {
  expect(latencyText(0, doctor, 'ja')).toBe('0 ミリ秒');
  expect(latencyText(999, doctor, 'ja')).toBe('999 ミリ秒');
  expect(latencyText(10_040, doctor, 'ja')).toBe('10 秒');
});
