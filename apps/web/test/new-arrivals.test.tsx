import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { NewArrivalsPortlet } from '../src/features/mail/new-arrivals-portlet.tsx';
import { expectNoSidewaysScroll } from './support/expect-no-sideways-scroll.ts';
import { renderView } from './support/render-view.tsx';
import { arrival, authorizationOf, listOf, problemOf } from './support/replies.ts';
import { api, stageView } from './support/stage-view.ts';

// Tests run in a frame, where Argus authorizes through a pop-up. Most users have a window of Argus's own.
vi.mock('../src/lib/is-framed.ts', () => ({ isFramed: false }));

const rows = () => page.getByRole('list', { name: '新着メールの一覧' }).getByRole('listitem');
/** The icon of the card; an error view has a button of the same name. */
const refresh = () => page.getByRole('button', { name: '再読み込み', exact: true }).first();
const status = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const ten = () => listOf(Array.from({ length: 10 }, () => arrival()));
const unavailable = () =>
  problemOf('mail_upstream_error', ['メールの取得に失敗しました。', 'エラー：503 サービスを利用できません。'], {
    status: 503,
    errorId: '7F3K-29QD',
    helpDeskText: 'エラーID：7F3K-29QD',
  });

stageView();

describe('新着メール: a list', () => {
  test('while the first list loads, a placeholder is shown, and nothing calls the mailbox empty', async () => {
    let arrive = (_list: ReturnType<typeof listOf>) => {};
    api.answer({ 'GET /api/new-arrivals': () => new Promise((resolve) => (arrive = resolve)) });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByRole('button', { name: '更新しています' })).toBeInTheDocument();
    // The shape comes only where it takes a while: a flash of it would be worse than nothing.
    await expect.poll(() => document.querySelector('.argus-skeleton[data-visible="true"]')).not.toBeNull();
    expect(document.body.textContent).not.toContain('新着メールはありません');
    arrive(ten());
    await expect.element(rows().nth(9)).toBeVisible();
    expect(document.querySelector('.argus-skeleton')).toBeNull();
  });

  test('a row says who, what, when and how it is marked; what is missing is named', async () => {
    const marked = arrival({ importance: 'high', hasAttachments: true, flag: 'flagged', preview: '本文です。' });
    const bare = arrival({ unread: false, sender: null, subject: null, receivedAt: null, webLink: null });
    api.answer({ 'GET /api/new-arrivals': listOf([marked, bare]) });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByRole('heading', { name: '新着メール 未読 1' })).toBeVisible();
    for (const text of ['佐藤 花子', '本文です。', '未読', '添付ファイルあり', '重要度 高', 'フラグ付き'])
      await expect.element(rows().first()).toMatchTextContent(text);
    await expect.element(rows().first().getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer');
    for (const text of ['(差出人なし)', '(件名なし)', '日時不明'])
      await expect.element(rows().nth(1)).toMatchTextContent(text);
    await expect.element(rows().nth(1)).not.toMatchTextContent('未読');
    expect(rows().nth(1).getByRole('link').elements()).toEqual([]);
  });

  test('field E2: a row says that it is about a meeting, in the language of the reader', async () => {
    const kinds = ['meetingRequest', 'meetingResponse', 'meetingCancellation', 'meetingNotice', 'message'] as const;
    const items = kinds.map((kind) => arrival({ kind, subject: kind === 'meetingRequest' ? null : ' ' }));
    api.answer({ 'GET /api/new-arrivals': listOf(items) });
    await page.viewport(320, 700);
    await renderView(<NewArrivalsPortlet />);
    const texts = [
      '会議の招待(件名なし)',
      '会議への返答(件名なし)',
      '会議の取り消し(件名なし)',
      '会議の連絡(件名なし)',
    ];
    for (const [index, text] of texts.entries()) await expect.element(rows().nth(index)).toMatchTextContent(text);
    await expect.element(rows().nth(4)).not.toMatchTextContent('会議');
    await expectNoSidewaysScroll(320);
  });

  test('a mailbox without mail is shown as empty', async () => {
    api.answer({ 'GET /api/new-arrivals': listOf([]) });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByRole('heading', { name: '新着メール 未読 0' })).toBeVisible();
    await expect.element(page.getByText('新着メールはありません。')).toBeVisible();
  });

  test('表示中に届いたメール: the automatic refresh adds them, and a screen reader announces how many', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const known = ten();
    api.answer({ 'GET /api/new-arrivals': known });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(rows().nth(9)).toBeVisible();
    api.answer({ 'GET /api/new-arrivals': listOf([arrival({ subject: '会議室が変わりました' }), ...known.items]) });
    await vi.advanceTimersByTimeAsync(90_000);
    await expect.element(rows().first()).toMatchTextContent('会議室が変わりました');
    await expect.element(status('新しいメールが 1 件届きました。')).toBeInTheDocument();
    expect(api.countOf('GET /api/new-arrivals')).toBe(2);
  });

  test('WEB06: hostile subjects, senders and previews are shown as text, and do not overflow 320 px', async () => {
    const hostile = '<img src=x onerror="window.__hacked=1"><script>window.__hacked=1</script>';
    const script = arrival({
      subject: hostile,
      sender: { name: hostile, address: 'evil@evil.example' },
      preview: hostile,
      webLink: 'javascript:window.__hacked=1',
    });
    const turned = arrival({
      subject: '請求書\u202Efdp.exe',
      sender: { name: '\u202Eモロ', address: 'a@b.example' },
    });
    const long = arrival({ subject: `長い件名${'あいうえおABC'.repeat(1_250)}`, preview: 'x'.repeat(500) });
    api.answer({ 'GET /api/new-arrivals': listOf([script, turned, long]) });
    await page.viewport(320, 700);
    await renderView(<NewArrivalsPortlet />);
    await expect.element(rows().nth(2)).toMatchTextContent('長い件名あいうえお');
    const items = rows().elements();
    // Sender, subject and preview, each as the text that it is; nothing of it became an element.
    expect([...(items[0]?.querySelectorAll('bdi') ?? [])].map((part) => part.textContent)).toEqual([
      hostile,
      hostile,
      hostile,
    ]);
    expect(document.querySelectorAll('li img, li script').length).toBe(0);
    expect(items[0]?.querySelector('a')).toBeNull();
    expect('__hacked' in window).toBe(false);
    // No override turns a name round, and none reaches its neighbours: each stands in an isolated element of its own.
    expect(items[1]?.textContent).toContain('請求書fdp.exe');
    expect(items[1]?.textContent).not.toMatch(/[\u202a-\u202e]/);
    const isolated = [...(items[1]?.querySelectorAll('bdi') ?? [])].map((part) => getComputedStyle(part).unicodeBidi);
    expect(isolated.length).toBeGreaterThanOrEqual(2);
    for (const bidi of isolated) expect(bidi).toMatch(/isolate|plaintext/);
    for (const item of items) expect(item.getBoundingClientRect().height).toBeLessThan(200);
    await expectNoSidewaysScroll(320);
  });
});

describe('新着メール: a list that could not be renewed', () => {
  test('再読み込みに失敗すると、その前の「更新しました」は残らない', async () => {
    api.answer({ 'GET /api/new-arrivals': ten() });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(rows().nth(9)).toBeVisible();
    await refresh().click();
    await expect.element(status('新着メールを更新しました。')).toBeInTheDocument();
    api.answer({ 'GET /api/new-arrivals': { ...ten(), problem: unavailable() } });
    await refresh().click();
    await expect.element(status('メールの取得に失敗しました。')).toBeVisible();
    expect(status('新着メールを更新しました。').elements()).toEqual([]);
    await expect.element(rows().nth(9)).toBeVisible();
  });

  test('the band explains it in two lines, and 「詳細」 shows the whole error in its place', async () => {
    api.answer({ 'GET /api/new-arrivals': { ...ten(), problem: unavailable() } });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(status('メールの取得に失敗しました。 エラー：503 サービスを利用できません。')).toBeVisible();
    await expect.element(page.getByText(/^\d{1,2}:\d{2} 時点$/)).toBeVisible();
    await page.getByRole('button', { name: '詳細', exact: true }).click();
    await expect.element(page.getByRole('alert')).toMatchTextContent('メールの取得に失敗しました。');
    expect(page.getByText('メールの取得に失敗しました。').elements().length).toBe(1);
    await expect.element(page.getByText('7F3K-29QD')).toBeVisible();
    await expectNoSidewaysScroll(320);
  });

  test.each([
    ['now', true],
    ['now', false],
    ['no', true],
    ['no', false],
  ] as const)(
    'people 32: one reload button, and none beside a fault that it cannot mend: %s, with a list: %s',
    async (kind, withList) => {
      const problem = problemOf('mail_upstream_error', ['メールの取得に失敗しました。'], { retry: { kind } });
      api.answer({ 'GET /api/new-arrivals': withList ? { ...ten(), problem } : problem });
      await renderView(<NewArrivalsPortlet />);
      await expect.element(page.getByText('メールの取得に失敗しました。').first()).toBeVisible();
      const reload = page.getByRole('button', { name: '再読み込み', exact: true });
      expect(reload.elements().length).toBe(1);
      const isBeside = reload.element().closest('.argus-band, .argus-error, [role="alert"]') !== null;
      expect(isBeside).toBe(kind === 'now');
    },
  );

  test('B-status: 429では待ち時間を数え、最後の一覧を残し、時間が来ると再読み込みできる', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const lines = [
      'メールの取得に失敗しました。',
      'Microsoft 365 が混み合っています。',
      'エラー：429 要求が多すぎます。',
    ];
    const retry = { kind: 'later', afterSeconds: 6, notBefore: new Date(Date.now() + 6_000).toISOString() } as const;
    api.answer({ 'GET /api/new-arrivals': { ...ten(), problem: problemOf('mail_throttled', lines, { retry }) } });
    await renderView(<NewArrivalsPortlet />);
    const counting = page.getByRole('button', { name: /^再読み込み \(0:0\d\)$/ });
    await expect.element(counting).toBeDisabled();
    await expect.element(rows().nth(9)).toBeVisible();
    // One countdown, at the button.
    expect(page.getByText('次の更新まで').elements()).toEqual([]);
    expect(api.countOf('GET /api/new-arrivals')).toBe(1);
    api.answer({ 'GET /api/new-arrivals': ten() });
    await vi.advanceTimersByTimeAsync(7_000);
    expect(counting.elements()).toEqual([]);
    await expect.element(refresh()).toBeEnabled();
    await refresh().click();
    await expect.element(status('混み合っています')).not.toBeInTheDocument();
  });

  test.each([
    ['database_unavailable', 10],
    ['mail_connection_moved', 0],
    ['mail_folder_not_found', 0],
    ['mail_provider_not_found', 0],
    ['mail_upstream_error', 0],
  ])(
    'S-2: the last list stays beside a fault of Argus itself, but not beside one that Argus sends without a list: %s',
    async (code, shown) => {
      api.answer({ 'GET /api/new-arrivals': ten() });
      await renderView(<NewArrivalsPortlet />);
      await expect.element(rows().nth(9)).toBeVisible();
      api.answer({ 'GET /api/new-arrivals': problemOf(code, ['この画面を表示できません。'], { status: 503 }) });
      await refresh().click();
      await expect.element(page.getByText('この画面を表示できません。').first()).toBeVisible();
      expect(rows().elements().length).toBe(shown);
    },
  );

  test('without any list only the error is shown, with a retry', async () => {
    api.answer({ 'GET /api/new-arrivals': unavailable() });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByRole('alert')).toMatchTextContent('エラー：503 サービスを利用できません。');
    expect(rows().elements()).toEqual([]);
    api.answer({ 'GET /api/new-arrivals': ten() });
    await page.getByRole('button', { name: '再読み込み', exact: true }).last().click();
    await expect.element(rows().nth(9)).toBeVisible();
    expect(page.getByRole('alert').elements()).toEqual([]);
  });
});

describe('新着メール: nobody’s mail', () => {
  test('a user who has not authorized is led to Microsoft 365', async () => {
    api.answer({
      'GET /api/new-arrivals': problemOf('mail_not_authorized', ['認証すると、新着メールが表示されます。'], {
        status: 409,
      }),
      'GET /api/authorization': authorizationOf('not_authorized'),
    });
    await renderView(<NewArrivalsPortlet />);
    const link = page.getByRole('link', { name: 'Microsoft 365 と認証する' });
    await expect.element(link).toHaveAttribute('href', '/services/auth/oauth/Microsoft365');
  });

  test('a user without a link gets a text for the administrator, with the user’s name', async () => {
    const lines = ['Microsoft365アカウントが設定されていません。', 'システム管理者に連絡してください。'];
    api.answer({ 'GET /api/new-arrivals': problemOf('mail_not_linked', lines, { status: 409 }) });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByText('Microsoft365アカウントが設定されていません。')).toBeVisible();
    await expect
      .element(page.getByText('Salesforceアカウント：taro.yamada@argus.example', { exact: false }))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: '文面をコピー' })).toBeEnabled();
    expect(page.getByRole('button', { name: '再読み込み', exact: true }).elements().length).toBe(1);
  });

  test('B2: another account removes the list at once; the error names both and leads to another sign-in', async () => {
    api.answer({ 'GET /api/new-arrivals': ten(), 'GET /api/authorization': authorizationOf('mismatch') });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(rows().nth(9)).toBeVisible();
    const accounts = { linked: 'taro.yamada@contoso.example', authorized: 'hanako.sato@contoso.example' };
    const lines = ['メールの取得に失敗しました。'];
    api.answer({ 'GET /api/new-arrivals': problemOf('mail_account_mismatch', lines, { status: 409, accounts }) });
    await refresh().click();
    await expect.element(page.getByRole('alert')).toMatchTextContent('メールの取得に失敗しました。');
    expect(rows().elements()).toEqual([]);
    const facts = [...document.querySelectorAll('.argus-accounts > *')].map((part) => part.textContent);
    expect(facts).toEqual([
      '設定されているアカウント',
      accounts.linked,
      '認証されているアカウント',
      accounts.authorized,
    ]);
    await expect.element(page.getByRole('link', { name: '別のアカウントで認証' })).toBeVisible();
    await expectNoSidewaysScroll(320);
  });

  test('a grant that has ended offers 「もう一度認証する」 instead of a retry', async () => {
    const ended = problemOf('mail_reconnect_needed', ['メールの取得に失敗しました。'], {
      status: 409,
      retry: { kind: 'after_reconnect' },
    });
    api.answer({ 'GET /api/new-arrivals': ended, 'GET /api/authorization': authorizationOf('reconnect_needed') });
    await renderView(<NewArrivalsPortlet />);
    await expect.element(page.getByRole('link', { name: 'もう一度認証する' })).toBeVisible();
    expect(page.getByRole('button', { name: '再読み込み', exact: true }).elements().length).toBe(1);
  });
});

describe('新着メール: notifications of the browser', () => {
  const shown: { title: string; body: string | undefined }[] = [];
  /** The browser's own, as far as the portlet uses it. */
  function stubNotification(answer: NotificationPermission) {
    class Stub {
      static permission: NotificationPermission = 'default';
      static async requestPermission() {
        Stub.permission = answer;
        return answer;
      }
      constructor(title: string, options?: NotificationOptions) {
        shown.push({ title, body: options?.body });
      }
    }
    vi.stubGlobal('Notification', Stub);
  }
  const standInFront = (state: DocumentVisibilityState) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const known = arrival();
  const arrives = async (...more: ReturnType<typeof arrival>[]) => {
    api.answer({ 'GET /api/new-arrivals': listOf([...more, known]) });
    await refresh().click();
    await expect.element(rows()).toHaveLength(more.length + 1);
  };
  beforeEach(() => {
    shown.length = 0;
    localStorage.clear();
    api.answer({ 'GET /api/new-arrivals': listOf([known]) });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    localStorage.clear();
  });

  test('people 35: nobody is asked and nothing is notified before the user wants it; then new mail is, while another page is in front', async () => {
    stubNotification('granted');
    await renderView(<NewArrivalsPortlet />);
    await expect.element(rows()).toHaveLength(1);
    standInFront('hidden');
    await arrives(arrival());
    expect(shown).toEqual([]);
    standInFront('visible');
    await page.getByRole('button', { name: '新着を通知する' }).click();
    await expect.element(page.getByRole('button', { name: '新着を通知しています' })).toBeVisible();
    await arrives(arrival(), arrival());
    expect(shown).toEqual([]);
    standInFront('hidden');
    await arrives(arrival(), arrival(), arrival());
    await expect.poll(() => shown.length).toBe(1);
    expect(shown[0]?.title).toMatch(/新しいメールが \d 件届きました。/);
    expect(shown[0]?.body).toBe('佐藤 花子');
  });

  test('people 35: a browser that refuses is said to, and what allows it again', async () => {
    stubNotification('denied');
    await renderView(<NewArrivalsPortlet />);
    await page.getByRole('button', { name: '新着を通知する' }).click();
    await expect.element(page.getByText('ブラウザの設定で許可してください。', { exact: false })).toBeVisible();
  });
});
