import type { OutcomeView } from '@argus/contract/endpoints/connection/authorize';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { AuthorizeButton } from '../src/ui/authorize-button.tsx';
import { expectNoSidewaysScroll } from './support/expect-no-sideways-scroll.ts';
import { renderView } from './support/render-view.tsx';
import { authorizationOf, problemOf } from './support/replies.ts';
import { api, stageView } from './support/stage-view.ts';

const waiting = '別のウィンドウで認証を続けてください。完了すると、ここに新着メールが表示されます。';
const lost = 'ウィンドウを閉じた場合や、見つからない場合は、もう一度始めてください。';
const pending: OutcomeView = {
  result: 'pending',
  display: 'popup',
  linkedAccount: null,
  authorizedAccount: null,
  hint: null,
  startUrl: null,
};

// Tests run in a frame, as the embedded portlet does.
stageView();
beforeEach(async () => {
  api.answer({
    'GET /api/authorization': authorizationOf('not_authorized'),
    'POST /api/authorization/tickets': {
      startUrl: '/services/auth/oauth/Microsoft365?ticket=t',
      expiresAt: new Date().toISOString(),
      outcomeId: 'o1',
    },
    'GET /api/authorization/outcomes/:id': pending,
  });
  // As under Cross-Origin-Opener-Policy: the handle says that the pop-up is closed while its user is in it.
  vi.stubGlobal('open', () => ({ closed: true, location: {}, close: () => undefined }));
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await renderView(
    <AuthorizeButton
      startUrl="/services/auth/oauth/Microsoft365"
      label="認証"
      afterwards="完了すると、ここに新着メールが表示されます。"
    />,
  );
  await page.getByRole('button', { name: '認証', exact: true }).click();
  await expect.element(page.getByText(waiting)).toBeVisible();
});

describe('a pop-up whose handle proves nothing', () => {
  test('field D1: the page keeps asking, hints quietly, and offers to start again', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    await expect.element(page.getByText(waiting)).toBeVisible();
    await expect.element(page.getByText(lost)).toBeVisible();
    expect(api.countOf('GET /api/authorization/outcomes/:id')).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'もう一度始める' }).click();
    await vi.waitFor(() => expect(api.countOf('POST /api/authorization/tickets')).toBe(2));
    await expectNoSidewaysScroll(320);
  });

  test('field D6: the page learns why the authorization failed', async () => {
    const lines = ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'];
    const problem = problemOf('authorization_declined', lines);
    api.answer({ 'GET /api/authorization/outcomes/:id': { ...pending, result: 'failed', problem } });
    await vi.advanceTimersByTimeAsync(4_000);
    await expect.element(page.getByRole('alert')).toMatchTextContent('承認コード取得に失敗しました。');
    await expect.element(page.getByText(waiting)).not.toBeInTheDocument();
  });

  test('field D1: an authorization that can no longer end is reported as incomplete at the second such answer', async () => {
    api.answer({ 'GET /api/authorization/outcomes/:id': problemOf('outcome_expired', ['x'], { status: 404 }) });
    await vi.advanceTimersByTimeAsync(3_000);
    await expect.element(page.getByText(waiting)).toBeVisible();
    await vi.advanceTimersByTimeAsync(4_000);
    await expect.element(page.getByText('認証が完了しませんでした。もう一度お試しください。')).toBeVisible();
  });
});
