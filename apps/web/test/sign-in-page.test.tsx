import type { SessionView } from '@argus/contract/endpoints/accounts';
import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { SignInPage } from '../src/features/accounts/sign-in-page.tsx';
import { expectNoSidewaysScroll } from './support/expect-no-sideways-scroll.ts';
import { renderView } from './support/render-view.tsx';
import { api, stageView } from './support/stage-view.ts';

stageView();

const anonymous: SessionView = {
  user: null,
  csrfToken: 'x',
  cookieSent: true,
  mode: 'production',
  hasAccounts: true,
};

beforeEach(() => api.answer({ 'GET /api/session': anonymous }));

test('people 32: the sign-in page says whom to ask about a forgotten password, as an administrator wrote it', async () => {
  const help = '情報システム部（内線1234、it-desk-for-all-employees@contoso.example）に連絡してください。<b>';
  await renderView(<SignInPage session={{ ...anonymous, signInHelp: help }} />);
  await expect.element(page.getByText(`パスワードが分からないとき：${help}`)).toBeVisible();
  await expectNoSidewaysScroll(320);
});

test('people 32: without such a line, it says to ask an administrator of the portal', async () => {
  await renderView(<SignInPage session={anonymous} />);
  await expect.element(page.getByText('ポータルの管理者に', { exact: false })).toBeVisible();
});
