import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { ErrorEventDetail } from '../src/features/triage/log/error-event-detail.tsx';
import { loadAdminTexts } from '../src/i18n/load-admin-texts.ts';
import { MoreTexts } from '../src/i18n/text-context.tsx';
import { renderView } from './support/render-view.tsx';
import { problemOf } from './support/replies.ts';
import { stageView } from './support/stage-view.ts';

stageView();

const event = (presentUsername: string | null): ErrorEventView => ({
  errorId: '7F3K-29QD',
  code: 'mail_timeout',
  row: null,
  occurredAt: '2026-11-21T09:00:00Z',
  username: 'taro@argus.example',
  accountId: '00000000-0000-4000-8000-000000000001',
  presentUsername,
  suffix: null,
  stage: 'messages',
  requestId: 'r1',
  problem: problemOf('mail_timeout', ['メールの取得に失敗しました。']),
});
const check = page.getByRole('button', { name: '直ったか確認' });

test('S-15: what is opened from an error is about the present name of its account', async () => {
  await renderView(
    <MoreTexts load={loadAdminTexts}>
      <ErrorEventDetail event={event('taro.old@argus.example')} />
    </MoreTexts>,
  );
  await expect.element(check).toBeVisible();
  for (const name of ['この利用者を接続診断', 'アカウント情報を開く'])
    await expect
      .element(page.getByRole('link', { name }).first())
      .toHaveAttribute('href', expect.stringContaining('taro.old%40argus.example'));
});

test('S-15: where the account is gone, nothing offers to check it', async () => {
  await renderView(
    <MoreTexts load={loadAdminTexts}>
      <ErrorEventDetail event={event(null)} />
    </MoreTexts>,
  );
  await expect.element(page.getByText('r1', { exact: true })).toBeVisible();
  expect([check.elements(), page.getByRole('link', { name: 'この利用者を接続診断' }).elements()]).toEqual([[], []]);
});
