import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { PortletPage } from '../src/app/portlet-page.tsx';
import { renderView } from './support/render-view.tsx';
import { problemOf, taroSession } from './support/replies.ts';
import { api, stageView } from './support/stage-view.ts';

// What a page gets whose files are gone: Argus was upgraded, or the network broke.
const gone = vi.hoisted(() => async () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});
vi.mock('../src/ui/refused-state.tsx', gone);
vi.mock('../src/ui/admin-details.tsx', gone);
vi.mock('../src/features/accounts/sign-in-form.tsx', gone);

stageView();

test('F7: a user who has not authorized is told so, and offered to reload, where the rest of that view cannot be fetched', async () => {
  api.answer({ 'GET /api/new-arrivals': problemOf('mail_not_authorized', ['まだ認証していません。']) });
  await renderView(<PortletPage />);
  await expect.element(page.getByText('まだ認証していません。')).toBeVisible();
  await expect.element(page.getByRole('button', { name: '再読み込み' }).last()).toBeEnabled();
});

test('F7: an error keeps its message and its button where the details for administrators cannot be fetched', async () => {
  const problem = problemOf('mail_upstream_error', ['メールの取得に失敗しました。'], { status: 503 });
  api.answer({ 'GET /api/new-arrivals': problem });
  await renderView(<PortletPage />);
  await expect.element(page.getByText('メールの取得に失敗しました。')).toBeVisible();
  await expect.element(page.getByRole('button', { name: '再読み込み' }).last()).toBeVisible();
});

test('F7: whoever is not signed in is told why there is no form, and offered to reload, where it cannot be fetched', async () => {
  api.answer({ 'GET /api/session': { ...taroSession, user: null } });
  await renderView(<PortletPage />);
  await expect.element(page.getByRole('alert')).toBeVisible();
  await expect.element(page.getByRole('button', { name: '再読み込み' })).toBeEnabled();
});
