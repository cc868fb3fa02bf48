import { secretCauses } from '../causes/client.ts';
import { codeCauses } from '../causes/code.ts';
import { timeoutCauses, tokenEndpointCauses } from '../causes/network.ts';
import { proxyCauses } from '../causes/proxy.ts';
import { redirectCauses } from '../causes/redirect.ts';
import { declinedCauses, redirectClasses } from '../causes/redirect-classes.ts';
import { answerCauses } from '../causes/service.ts';
import { settingsCauses } from '../causes/settings.ts';
import { tenantCauses } from '../causes/tenant.ts';
import { tokenCauses } from '../causes/token.ts';
import { inRow, inTable, type PurposeErrors } from '../compose.ts';
import type { Causes } from '../entry.ts';
import { signInAgainNumbers, unreachableFaults, unreadableFaults } from '../facts.ts';
import { checkTokenUrl, siteSwitchedOff, tokenUrlWrong } from '../guide-rows.ts';
import { itsStatus } from '../messages.ts';
import {
  adminMenu,
  argusAuthProvider,
  checkRemoteSiteUrl,
  congestion,
  correctTokenEndpointUrl,
  remoteSiteSettings,
} from '../places.ts';
import { authorizationFindings } from './authorize-findings.ts';
import { mismatchFindings } from './mismatch-findings.ts';

const { provider_not_found, not_linked } = settingsCauses;
const { client_rejected, token_endpoint_not_found, token_endpoint_unreachable, token_site_not_registered } =
  tokenEndpointCauses;

const authorizeAgainLater = {
  ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
  en: 'Wait a while, then authorize again.',
};

/** The rows A1 to A6 of the customer's table, and what the table does not cover. */
const table = {
  provider_not_found: {
    ...provider_not_found,
    row: 'A1',
    suffixFromAddress: true,
    guide: [
      {
        row: 'A1',
        condition: {
          ja: '管理者メニューに入力した認証プロバイダ接尾辞に対応する認証プロバイダが設定されていない場合。',
          en: 'No auth. provider is set up for the URL suffix entered in the admin menu.',
        },
        place: adminMenu,
        remedy: {
          ja: 'Argusの管理者メニューから「認証プロバイダURL接尾辞」を設定してください。',
          en: 'Set "Auth. Provider URL Suffix" in the Argus admin menu.',
        },
        mendAt: '/admin/settings?field=authProviderUrlSuffix',
        menders: ['portal_admin'],
      },
    ],
  },
  ...inRow('A2', declinedCauses),
  ...inRow('A2+', { ...redirectCauses, ...redirectClasses }),
  site_not_registered: {
    ...token_site_not_registered,
    row: 'A3',
    guide: [
      { row: 'A3b', ...tokenUrlWrong, unlikelyWith: ['site_switched_off'] },
      {
        row: 'A3',
        condition: {
          ja: 'リモートサイト設定に、認証プロバイダのトークンエンドポイントURLが未登録の場合。',
          en: "The auth. provider's token endpoint URL is not registered in the remote site settings.",
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
        refutedBy: ['site_switched_off'],
      },
      siteSwitchedOff,
    ],
  },
  // During authorization, an unreadable reply has its own code: reply_malformed.
  token_endpoint_unreachable: inTable('A3b', {
    ...token_endpoint_unreachable,
    match: [{ call: 'token', network: unreachableFaults }],
  }),
  ...inRow('A4', { ...secretCauses, client_rejected, redirect_uri_differs: codeCauses.redirect_uri_differs }),
  ...inRow('A5', tenantCauses),
  token_endpoint_not_found: {
    ...token_endpoint_not_found,
    row: 'A5',
    guide: [
      { row: 'A5', ...checkTokenUrl },
      {
        condition: {
          ja: '「トークンエンドポイントURL」のパスにつづりの誤りなどがあり、その場所に何もない場合。',
          en: 'The path of "Token Endpoint URL" is misspelled or otherwise wrong, and there is nothing there.',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  timeout: {
    ...timeoutCauses.timeout,
    row: 'A6',
    guide: [
      {
        row: 'A6',
        condition: congestion,
        remedy: authorizeAgainLater,
        mendAt: '/admin/settings?field=totalTimeoutSeconds',
        menders: ['user'],
      },
    ],
  },
  ...inRow('A-mismatch', mismatchFindings),
} as const satisfies Causes;

/** Microsoft's other answers, by status or number. */
const answers = {
  ...tokenCauses,
  ...codeCauses,
  rejected: {
    ...answerCauses.rejected,
    guide: [
      {
        condition: {
          ja: 'トークンエンドポイントが要求を受け付けなかった場合（カタログにない応答）。',
          en: 'The token endpoint refused the request (a response not in the catalogue).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '応答のエラー名とAADSTS番号を確認し、認証プロバイダの設定を見直してください。',
          en: 'Check the error name and AADSTS number in the response, then review the auth. provider settings.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  code_rejected: {
    match: [
      { call: 'token', oauth: ['invalid_grant', 'interaction_required', 'login_required'] },
      // Numbers of a refresh; a code that gets one of them is just as useless.
      { call: 'token', aadsts: [...signInAgainNumbers, 70044, 70046] },
    ],
    retry: 'now',
    says: itsStatus,
    guide: [
      {
        condition: {
          ja: '承認コードが期限切れか使用済みの場合、または条件付きアクセスなどで拒否された場合。',
          en: 'The authorization code has expired or was already used, or was refused by a policy such as Conditional Access.',
        },
        remedy: {
          ja: 'もう一度認証を実行してください。続く場合は応答のAADSTS番号を確認してください。',
          en: 'Authorize again. If the problem continues, check the AADSTS number in the response.',
        },
        menders: ['user'],
      },
    ],
  },
  forbidden: {
    match: [{ call: 'token', status: [403] }],
    retry: 'no',
    says: { ja: '403 アクセスが拒否されました。', en: '403 Access was denied.' },
    guide: [
      {
        condition: {
          ja: 'トークンエンドポイントがアクセスを拒否した場合。',
          en: 'The token endpoint denied access.',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  throttled: {
    ...answerCauses.throttled,
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 が要求の数を制限した場合。',
          en: 'Microsoft 365 limited the number of requests.',
        },
        remedy: {
          ja: '表示された時間が過ぎてから、もう一度認証を実行してください。',
          en: 'Authorize again after the time shown.',
        },
        menders: ['user'],
      },
    ],
  },
  upstream_error: {
    ...answerCauses.upstream_error,
    guide: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'An error occurred in Microsoft 365.' },
        remedy: {
          ja: `${authorizeAgainLater.ja}続く場合は Microsoft 365 のサービス正常性を確認してください。`,
          en: `${authorizeAgainLater.en} If the problem continues, check the Microsoft 365 service health.`,
        },
        menders: ['microsoft'],
      },
    ],
  },
  reply_malformed: {
    match: [
      { call: 'token', malformed: true },
      { call: 'token', network: unreadableFaults },
    ],
    retry: 'no',
    says: {
      ja: 'トークンエンドポイントの応答を読み取れません。',
      en: 'the response from the token endpoint cannot be read.',
    },
    guide: [
      {
        condition: {
          ja: 'トークンエンドポイントURLが、トークンを返さない別のURLを指している場合（HTMLや転送の応答など）。',
          en: 'The token endpoint URL points to a different URL that does not return tokens (for example, one that returns HTML or a redirect).',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** A user authorizes (認証ページ): from the start of the code flow to its callback. */
export const authorization = {
  purpose: 'authorization',
  calls: ['authorize', 'token', 'identity'],
  usesGrant: false,
  words: {
    failed: { ja: '認証に失敗しました。', en: 'Connecting to Microsoft 365 failed.' },
    again: { ja: 'もう一度、認証を実行してください。', en: 'Connect again.' },
    later: { ja: '時間を置いてから、もう一度認証を実行してください。', en: 'Wait a while, then connect again.' },
    timedOut: { ja: '認証実行にタイムアウトが発生しました。', en: 'Connecting to Microsoft 365 timed out.' },
    data: { ja: '認証', en: 'authorization' },
  },
  causes: {
    ...inRow('A-status', answers),
    ...table,
    ...authorizationFindings,
    ...proxyCauses,
    not_linked: {
      ...not_linked,
      message: {
        ja: [
          'Microsoft365アカウントが設定されていないため、認証できません。',
          'システム管理者に、アカウント情報への登録を依頼してください。',
        ],
        en: [
          'No Microsoft 365 account is assigned to you, so you cannot connect.',
          'Ask your system administrator to register you under "Account links".',
        ],
      },
    },
  },
} as const satisfies PurposeErrors;
