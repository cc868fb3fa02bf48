import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';
import { expect, type Page } from '@playwright/test';
import { hanakoUpn, taroUpn } from '../fixtures/accounts.ts';
import { type CustomerRow, customerRows } from '../fixtures/customer-rows.ts';
import { expectCauses, expectMessage, rowStep } from '../fixtures/error-view.ts';
import { authorize, callbackOf, startPath } from '../fixtures/microsoft-pages.ts';
import { type SetupApi, setupApi } from '../fixtures/setup-api.ts';
import { test } from '../fixtures/test.ts';

// One scenario covers every row of an area, so that all of them appear on the screen and in the QA report.
// `error-screens`, `mend-from-help-desk-text` and the `-states` test what follows from an error; `catalogue-wire`
// (API) tests every entry verbatim.

interface Stage {
  readonly user: Page;
  readonly admin: Page;
  readonly fake: FakeMicrosoft;
  readonly setup: SetupApi;
  /** Adds the remote site again that a row has removed. */
  addAgain?: () => Promise<void>;
}

interface Walked {
  /** `A4: …`, as in the report. */
  readonly title: string;
  readonly row: CustomerRow;
  /** The target of 設定を開く → of the first cause that has one. */
  readonly opens?: string;
  /** Causes the error; the user is already authorized. Returns the address that shows it, unless it is the portlet. */
  readonly meet: (stage: Stage) => Promise<unknown>;
  readonly restore?: (stage: Stage) => Promise<unknown>;
}

const tokenUrlOf = (fake: FakeMicrosoft) => `${fake.loginUrl}/contoso.example/oauth2/v2.0/token`;
const mailUrlOf = (fake: FakeMicrosoft) => `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages`;
const rightToken = ({ setup, fake }: Stage) => setup.provider({ tokenEndpointUrl: tokenUrlOf(fake) });
const rightMail = ({ setup, fake }: Stage) => setup.settings({ mailUrl: mailUrlOf(fake) });
const rightTimeouts = ({ setup }: Stage) => setup.settings({ totalTimeoutSeconds: 20, connectTimeoutSeconds: 5 });

/** Returns from Microsoft after signing in there. */
const comeBack = ({ user, fake }: Stage, upn = taroUpn) => callbackOf(user, fake, upn);

/** The token endpoint has moved by the time the user returns from Microsoft. */
async function comeBackTo(stage: Stage, tokenEndpointUrl: string): Promise<string> {
  await stage.setup.provider({ tokenEndpointUrl });
  return comeBack(stage);
}

/** An expired access token: the portlet has to call the token endpoint before it can fetch mail. */
async function endAccessToken({ user, fake }: Stage): Promise<void> {
  fake.control.setTokenLifetime(1);
  await authorize(user, fake, taroUpn);
  fake.control.setTokenLifetime(3_600);
  // As long as the token lives it serves where the token endpoint does not.
  await sleep(1_000);
}

function status({ fake }: Stage, target: 'token' | 'messages', code: number): void {
  fake.control.addFault({ target, kind: 'status', status: code, ...(target === 'token' ? { body: 'html' } : {}) });
}

const atToken = '/admin/auth-providers?field=tokenEndpointUrl';
const atSecret = '/admin/auth-providers?field=consumerSecret';
const atSuffix = '/admin/settings?field=authProviderUrlSuffix';
const atMailUrl = '/admin/settings?field=mailUrl';
const atTimeout = '/admin/settings?field=totalTimeoutSeconds';

const ofAuthorization: readonly Walked[] = [
  {
    title: 'A1: 認証プロバイダURL接尾辞に対応する認証プロバイダが設定されていない',
    row: customerRows.A1,
    opens: atSuffix,
    meet: async ({ setup }) => {
      await setup.settings({ authProviderUrlSuffix: 'NoSuchProvider' });
      return '/services/auth/oauth/NoSuchProvider';
    },
    restore: ({ setup }) => setup.settings({ authProviderUrlSuffix: 'Microsoft365' }),
  },
  {
    title: 'A2: 認証画面で承諾しなかった',
    row: customerRows.A2,
    meet: async ({ fake }) => {
      const declined = { error: 'access_denied', errorSubcode: 'cancel' };
      fake.control.addFault({ target: 'authorize', kind: 'redirectError', ...declined });
      return startPath;
    },
  },
  {
    title: 'A2+: 承認コードの代わりに別のエラーが返された',
    row: customerRows['A2+'],
    meet: async ({ fake }) => {
      fake.control.addFault({
        target: 'authorize',
        kind: 'redirectError',
        error: 'interaction_required',
        errorCodes: [50105],
        errorDescription: 'AADSTS50105: <b>not assigned</b>',
      });
      return startPath;
    },
  },
  {
    title: 'A3b: 登録済みだが接続できない、誤ったトークンエンドポイントURL',
    row: customerRows.A3b,
    opens: atToken,
    meet: async (stage) =>
      comeBackTo(stage, `${await stage.setup.closedSite(stage.fake)}/contoso.example/oauth2/v2.0/token`),
    restore: rightToken,
  },
  {
    title: 'A4: 認証プロバイダのシークレットキーに誤りがある',
    row: customerRows['A4 wrong'],
    opens: atSecret,
    meet: async (stage) => {
      await stage.setup.provider({ consumerSecret: 'mistyped-secret' });
      return comeBack(stage);
    },
    restore: rightToken,
  },
  {
    title: 'A4: 認証プロバイダのシークレットキーが期限切れ',
    row: customerRows['A4 expired'],
    opens: atSecret,
    meet: async (stage) => {
      stage.fake.control.setSecretState('expired');
      return comeBack(stage);
    },
    restore: async ({ fake }) => fake.control.setSecretState('valid'),
  },
  {
    title: 'A5: トークンエンドポイントURLのリソース先（パス）に誤りがある',
    row: customerRows['A5 path'],
    opens: atToken,
    meet: (stage) => comeBackTo(stage, tokenUrlOf(stage.fake).replace('/token', '/tokne')),
    restore: rightToken,
  },
  {
    title: 'A5: トークンエンドポイントURLのリソース先（テナント）に誤りがある',
    row: customerRows['A5 tenant'],
    opens: atToken,
    meet: (stage) =>
      comeBackTo(stage, tokenUrlOf(stage.fake).replace('contoso.example', '00000000-0000-4000-8000-000000000000')),
    restore: rightToken,
  },
  {
    title: 'A6: 認証の実行がタイムアウトする',
    row: customerRows.A6,
    opens: atTimeout,
    meet: async (stage) => {
      await stage.setup.settings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
      stage.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
      return comeBack(stage);
    },
    restore: rightTimeouts,
  },
  {
    title: 'A-status: トークンエンドポイントが403を返す',
    row: customerRows['A-status 403'],
    opens: atToken,
    meet: (stage) => {
      status(stage, 'token', 403);
      return comeBack(stage);
    },
  },
  {
    title: 'A-status: トークンエンドポイントが503を返す',
    row: customerRows['A-status 503'],
    meet: (stage) => {
      status(stage, 'token', 503);
      return comeBack(stage);
    },
  },
  {
    title: 'A-mismatch: 設定と異なるアカウントで認証した',
    row: customerRows['A-mismatch'],
    opens: '/admin/account-links',
    meet: (stage) => comeBack(stage, hanakoUpn),
  },
];

const ofPortlet: readonly Walked[] = [
  {
    title: 'B2: ユーザが管理者の設定と違うアカウントを認証した',
    row: customerRows.B2,
    opens: '/admin/account-links',
    meet: async (stage) => stage.user.request.get(await comeBack(stage, hanakoUpn)),
  },
  {
    title: 'B3: 管理者メニューに入力した認証プロバイダ接尾辞に誤りがある',
    row: customerRows.B3,
    opens: atSuffix,
    meet: ({ setup }) => setup.settings({ authProviderUrlSuffix: 'Microsoft356' }),
    restore: ({ setup }) => setup.settings({ authProviderUrlSuffix: 'Microsoft365' }),
  },
  {
    title: 'B5: リモートサイト設定に、エンドポイントURLが未登録',
    row: customerRows.B5,
    opens: atMailUrl,
    meet: async (stage) => {
      stage.addAgain = await stage.setup.removeSite('Microsoft_Graph');
    },
    restore: async ({ addAgain }) => addAgain?.(),
  },
  {
    title: 'B5b: 登録済みだが接続できない、誤ったエンドポイントURL',
    row: customerRows.B5b,
    opens: atMailUrl,
    meet: async ({ setup, fake }) =>
      setup.settings({ mailUrl: `${await setup.closedSite(fake)}/v1.0/me/mailFolders/inbox/messages` }),
    restore: rightMail,
  },
  {
    title: 'B6: リモートサイト設定に、トークンエンドポイントURLが登録されていない',
    row: customerRows.B6,
    opens: atToken,
    meet: async (stage) => {
      await endAccessToken(stage);
      stage.addAgain = await stage.setup.removeSite('Microsoft_Login');
    },
    restore: async ({ addAgain }) => addAgain?.(),
  },
  {
    title: 'B6b: 登録済みだが接続できない、誤ったトークンエンドポイントURL',
    row: customerRows.B6b,
    opens: atToken,
    meet: async (stage) => {
      await endAccessToken(stage);
      const tokenEndpointUrl = `${await stage.setup.closedSite(stage.fake)}/contoso.example/oauth2/v2.0/token`;
      await stage.setup.provider({ tokenEndpointUrl });
    },
    restore: rightToken,
  },
  {
    title: 'B7: 更新時に、認証プロバイダのシークレットキーに誤りがある',
    row: customerRows.B7,
    opens: atSecret,
    meet: async (stage) => {
      await endAccessToken(stage);
      await stage.setup.provider({ consumerSecret: 'mistyped-secret' });
    },
    restore: rightToken,
  },
  {
    title: 'B-status: メールの取得が403で拒否される',
    row: customerRows['B-status 403'],
    opens: '/admin/auth-providers?field=defaultScopes',
    meet: async (stage) => status(stage, 'messages', 403),
  },
  {
    title: 'B-status: メールボックスがない（ライセンスなし）',
    row: customerRows['B-status mailbox'],
    opens: '/admin/account-links',
    meet: async ({ fake }) => fake.control.setMailbox(taroUpn, false),
    restore: async ({ fake }) => fake.control.setMailbox(taroUpn, true),
  },
];

for (const [area, walk] of [
  ['認証', ofAuthorization],
  ['新着メール', ofPortlet],
] as const) {
  test(`エラー一覧表（${area}）: すべての行が、利用者には文のとおり、管理者には原因・対応方法とともに表示される`, async ({
    admin,
    user,
    fake,
  }) => {
    test.setTimeout(240_000);
    const stage: Stage = { admin, user, fake, setup: setupApi(admin) };
    for (const each of walk) await rowStep(each.title, () => walkRow(stage, each));
  });
}

async function walkRow(stage: Stage, { row, opens, meet, restore }: Walked): Promise<void> {
  const { admin, user, fake } = stage;
  // The page that the previous row left open would load mail by itself, which the portlet then shows for 15 seconds.
  await user.goto('about:blank');
  // Again, so that nothing of the previous row remains.
  await authorize(user, fake, taroUpn);
  const address = await meet(stage);
  await test.step('利用者: エラーの画面を開く', () => user.goto(typeof address === 'string' ? address : '/'));
  await expectMessage(user, row.lines);
  // Only administrators see why.
  await expect.soft(user.locator('.argus-admin')).toHaveCount(0);
  const errorId = (await user.locator('.argus-error__id .argus-code').textContent()) ?? '';

  await test.step(`管理者: エラーログで ${errorId} を開く`, () =>
    admin.goto(`/admin/error-events?${new URLSearchParams({ errorId })}`));
  const event = admin.getByRole('row').filter({ hasText: '利用者に表示された内容' });
  await expect(event.getByRole('alert').locator('p')).toHaveText([...row.lines]);
  await expectCauses(admin, row.causes, event);
  const links = event.getByRole('link', { name: '設定を開く →' });
  if (opens === undefined) expect.soft(await links.count()).toBe(0);
  else expect.soft(await links.first().getAttribute('href')).toContain(opens);

  fake.control.clearFaults();
  await restore?.(stage);
}
