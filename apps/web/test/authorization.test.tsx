import type { OutcomeView as Outcome } from '@argus/contract/endpoints/connection/authorize';
import { describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { AuthorizationView } from '../src/features/connection/authorize/authorization-view.tsx';
import { OutcomeView } from '../src/features/connection/authorize/outcome-view.tsx';
import { expectNoSidewaysScroll } from './support/expect-no-sideways-scroll.ts';
import { renderView } from './support/render-view.tsx';
import { authorizationOf, problemOf } from './support/replies.ts';
import { api, stageView } from './support/stage-view.ts';

// Tests run in a frame, where Argus authorizes through a pop-up. Most users have a window of Argus's own.
vi.mock('../src/lib/is-framed.ts', () => ({ isFramed: false }));

const taroUpn = 'taro.yamada@contoso.example';
const hanakoUpn = 'hanako.sato@contoso.example';

stageView();

describe('認証設定: every state of one’s own authorization', () => {
  const show = async (authorization: ReturnType<typeof authorizationOf>) => {
    api.answer({ 'GET /api/authorization': authorization });
    await renderView(<AuthorizationView check={null} />);
  };
  const state = () => document.querySelector('.argus-state__name')?.textContent;
  const accounts = () => [...document.querySelectorAll('.argus-pair__value')].map((each) => each.textContent);

  test.each([
    ['not_authorized', '未認証', 'まだ比較できません', [taroUpn, '未認証'], ['認証']],
    ['authorized', '認証済み', '一致しています', [taroUpn, taroUpn], ['別のアカウントで認証', '認証の取消']],
    ['mismatch', 'アカウント不一致', '一致していません', [taroUpn, hanakoUpn], ['別のアカウントで認証', '認証の取消']],
    [
      'reconnect_needed',
      '再認証が必要',
      '一致しています',
      [taroUpn, taroUpn],
      ['再認証', '別のアカウントで認証', '認証の取消'],
    ],
  ] as const)('%s: says so, compares both accounts and offers what helps', async (name, title, sign, both, offered) => {
    await show(authorizationOf(name));
    await expect.element(page.getByText(sign, { exact: true })).toBeVisible();
    expect(state()).toBe(title);
    expect(accounts()).toEqual(both);
    const actions = [...document.querySelectorAll('.argus-actions > *')].map((each) => each.textContent);
    expect(actions).toEqual(offered);
    await expectNoSidewaysScroll(320);
  });

  test('not_linked: no authorization can begin, and the administrator is named', async () => {
    await show(authorizationOf('not_linked', { linkedAccount: null }));
    await expect.element(page.getByRole('button', { name: '認証', exact: true })).toBeDisabled();
    expect(state()).toBe('アカウント未設定');
    expect(accounts()).toEqual(['未設定', '未認証']);
    await expect.element(page.getByText('システム管理者に、アカウント情報への登録を依頼してください。')).toBeVisible();
  });

  test('S-3: a link that has changed since awaits confirmation, and no account is said to match', async () => {
    await show(authorizationOf('authorized', { confirmed: false, linkedAccount: 'other@contoso.example' }));
    await expect.element(page.getByText('まだ比較できません')).toBeVisible();
    expect(state()).toBe('確認待ち');
    expect(accounts()).toEqual(['other@contoso.example', taroUpn]);
  });

  test('whatever prevents an authorization is shown before it begins', async () => {
    const problem = problemOf('authorization_provider_not_found', ['認証に失敗しました。'], { retry: { kind: 'no' } });
    await show(authorizationOf('not_authorized', { problem, startUrl: null }));
    await expect.element(page.getByRole('alert')).toMatchTextContent('認証に失敗しました。');
    await expect.element(page.getByRole('button', { name: '認証', exact: true })).toBeDisabled();
  });

  test('a state that cannot be loaded is an error with a retry', async () => {
    api.answer({ 'GET /api/authorization': problemOf('database_unavailable', ['データベースに接続できません。']) });
    await renderView(<AuthorizationView check={null} />);
    await expect.element(page.getByRole('alert')).toMatchTextContent('データベースに接続できません。');
    api.answer({ 'GET /api/authorization': authorizationOf('authorized') });
    await page.getByRole('button', { name: '再読み込み' }).click();
    await expect.element(page.getByText('認証済み', { exact: true })).toBeVisible();
  });

  test('認証の取消 asks first, and then says that it is done', async () => {
    await show(authorizationOf('authorized'));
    await page.getByRole('button', { name: '認証の取消' }).click();
    await expect.element(page.getByRole('dialog')).toMatchTextContent('認証を取り消しますか？');
    expect(api.countOf('DELETE /api/authorization')).toBe(0);
    api.answer({ 'DELETE /api/authorization': null, 'GET /api/authorization': authorizationOf('not_authorized') });
    await page.getByRole('dialog').getByRole('button', { name: '認証の取消' }).click();
    await expect.element(page.getByText('認証を取り消しました。')).toBeVisible();
    await expect.element(page.getByText('まだ比較できません')).toBeVisible();
    // The button that was pressed is gone; whoever has only a keyboard goes on with what there is to do now.
    await expect.poll(() => document.activeElement?.closest('.argus-actions')).not.toBeNull();
  });
});

describe('認証の結果: every end of an authorization', () => {
  const authorized: Outcome = {
    result: 'authorized',
    display: 'page',
    linkedAccount: taroUpn,
    authorizedAccount: taroUpn,
    hint: null,
    startUrl: '/services/auth/oauth/Microsoft365',
  };
  const show = async (outcome: Outcome) => {
    api.answer({ 'GET /api/authorization/outcomes/:id': outcome });
    const onBack = vi.fn<() => void>();
    await renderView(<OutcomeView id="o1" onBack={onBack} />);
    return onBack;
  };

  test('done: it names the account, counts down and returns to the mail by itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const onBack = await show(authorized);
    await expect.element(page.getByText('認証が完了しました')).toBeVisible();
    await expect.element(page.getByText(taroUpn)).toBeVisible();
    await expect.element(page.getByText(/^[123] 秒後に新着メールへ戻ります。$/)).toBeVisible();
    expect(onBack).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(onBack).toHaveBeenCalledTimes(1);
  });

  test('field D3: while the callback is under way it says so, asks again, and then shows how it ended', async () => {
    await show({ ...authorized, result: 'pending', linkedAccount: null, authorizedAccount: null, startUrl: null });
    await expect
      .element(page.getByText('認証の結果を確認しています。この画面のまま、しばらくお待ちください。'))
      .toBeVisible();
    api.answer({ 'GET /api/authorization/outcomes/:id': authorized });
    await expect.element(page.getByText('認証が完了しました')).toBeVisible();
    await expect.element(page.getByText('認証の結果を確認しています。', { exact: false })).not.toBeInTheDocument();
  });

  test.each([
    ['case_differs', '設定されているアカウントとは、大文字・小文字だけが異なります。このまま使用できます。'],
    ['upn_renamed', 'Microsoft 365 側でアカウント名が変更されています。このまま使用できます。'],
  ] as const)('done with a remark (%s): the reader decides when to go on', async (hint, text) => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const onBack = await show({ ...authorized, hint });
    await expect.element(page.getByText(text)).toBeVisible();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onBack).not.toHaveBeenCalled();
    await page.getByRole('button', { name: '新着メールへ戻る' }).click();
    expect(onBack).toHaveBeenCalledTimes(1);
  });

  test('A-status: トークンエンドポイントが429を返す。待ち時間の後に、もう一度認証できる', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const retry = { kind: 'later', afterSeconds: 4, notBefore: new Date(Date.now() + 4_000).toISOString() } as const;
    const lines = ['認証に失敗しました。', 'エラー：429 要求が多すぎます。'];
    const problem = problemOf('authorization_throttled', lines, { retry, errorId: '7F3K-29QD' });
    await show({ ...authorized, result: 'failed', authorizedAccount: null, problem });
    await expect.element(page.getByRole('heading', { name: '認証できませんでした' })).toBeVisible();
    await expect.element(page.getByRole('alert')).toMatchTextContent('エラー：429 要求が多すぎます。');
    await expect.element(page.getByRole('button', { name: /^もう一度認証する \(0:0\d\)$/ })).toBeDisabled();
    await vi.advanceTimersByTimeAsync(5_000);
    const again = page.getByRole('link', { name: 'もう一度認証する', exact: true });
    await expect.element(again).toHaveAttribute('href', '/services/auth/oauth/Microsoft365');
    await expectNoSidewaysScroll(320);
  });

  test('an outcome that does not exist, or is too old, leads back to the settings', async () => {
    api.answer({
      'GET /api/authorization/outcomes/:id': problemOf('not_found', ['見つかりません。'], { status: 404 }),
    });
    const { navigate } = await renderView(<OutcomeView id="o1" onBack={() => {}} />);
    await expect.element(page.getByRole('alert')).toMatchTextContent('見つかりません。');
    await page.getByRole('link', { name: '認証設定へ戻る' }).click();
    expect(navigate).toHaveBeenCalledWith('/authorization');
  });
});
