import type { Text } from '../../language.ts';
import type { Causes } from '../entry.ts';
import { resourceNumbers, scopeNumbers, serviceErrorNames, serviceNumbers, tenantThrottledNumber } from '../facts.ts';
import { argusAuthProvider, entraAppRegistration, entraSignInLogs } from '../places.ts';
import { scopeCauses } from './consent.ts';
import { onRedirect, turnsAway } from './redirect.ts';

const askEntraAdmin: Text = {
  ja: 'Microsoft Entra の管理者に、アプリへの同意とユーザーの割り当てを確認してもらってください。',
  en: 'Ask a Microsoft Entra administrator to check the consent granted to the app and the users assigned to it.',
};

/** The user, or an administrator, declines. */
export const declinedCauses = {
  declined: {
    declinedByUser: true,
    ...onRedirect,
    match: [
      // With a number that no cause lists, somebody else has refused.
      { call: 'authorize', oauth: ['access_denied'], numbers: 'none' },
      { call: 'authorize', oauth: turnsAway, aadsts: [65004] },
      { call: 'authorize', oauth: ['access_denied'], suberror: ['cancel'] },
    ],
    retry: 'now',
    guide: [
      {
        row: 'A2',
        condition: {
          ja: 'アカウント認証画面で認証を承諾しなかった場合。',
          en: 'Consent was not given on the sign-in page.',
        },
        remedy: {
          ja: '再度認証設定を行い、認証を承諾してください。',
          en: 'Authorize again and give consent.',
        },
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;

/** Causes on the redirect by their OAuth error only, unless an AADSTS number is more specific. */
export const redirectClasses = {
  consent_required: {
    ...onRedirect,
    match: [
      { call: 'authorize', oauth: ['consent_required'] },
      {
        call: 'authorize',
        oauth: turnsAway,
        aadsts: [65001, 90008],
      },
    ],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'アプリに必要な同意が与えられていない場合。',
          en: 'Consent that the app needs has not been granted.',
        },
        place: entraAppRegistration,
        remedy: askEntraAdmin,
        mendAt: '/admin/auth-providers?field=adminConsent',
        menders: ['entra_admin'],
      },
    ],
  },
  interaction_required: {
    ...onRedirect,
    match: [
      { call: 'authorize', oauth: ['interaction_required'] },
      { call: 'authorize', oauth: ['access_denied'], numbers: 'some' },
    ],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 が利用者の操作（多要素認証、割り当て、条件付きアクセスなど）を求めた場合。',
          en: 'Microsoft 365 required user interaction (such as multi-factor authentication, assignment or Conditional Access).',
        },
        place: entraSignInLogs,
        remedy: {
          ja: 'サインイン ログで、この利用者が拒否された理由（応答のAADSTS番号）を確認し、アプリへの同意とユーザーの割り当ても確認してもらってください。',
          en: 'In the sign-in logs, check why this user was refused (the AADSTS number in the response), and also check the consent granted to the app and the users assigned to it.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  login_required: {
    ...onRedirect,
    match: [
      { call: 'authorize', oauth: ['login_required'] },
      { call: 'authorize', oauth: turnsAway, aadsts: [50058, 50140, 50199] },
    ],
    retry: 'now',
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 にサインインしていない場合。',
          en: 'The user is not signed in to Microsoft 365.',
        },
        remedy: { ja: 'もう一度認証を実行し、サインインしてください。', en: 'Authorize again and sign in.' },
        menders: ['user'],
      },
    ],
  },
  server_error: {
    ...onRedirect,
    match: [
      { call: 'authorize', oauth: serviceErrorNames },
      {
        call: 'authorize',
        oauth: serviceErrorNames,
        aadsts: [...serviceNumbers, tenantThrottledNumber],
      },
    ],
    retry: 'later',
    transient: true,
    guide: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'An error occurred in Microsoft 365.' },
        remedy: {
          ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
          en: 'Wait a while, then authorize again.',
        },
        menders: ['microsoft'],
      },
    ],
  },
  client_not_allowed: {
    ...onRedirect,
    match: [{ call: 'authorize', oauth: ['unauthorized_client'] }],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'コンシューマ鍵のアプリが、このテナントで認証を許可されていない場合。',
          en: 'The app of the consumer key is not allowed to authorize users in this tenant.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマ鍵」と、Microsoft Entra のアプリの登録を確認してください。',
          en: 'Check "Consumer Key" of the auth. provider and the app registration in Microsoft Entra.',
        },
        mendAt: '/admin/auth-providers?field=consumerKey',
        menders: ['portal_admin'],
      },
    ],
  },
  scope_invalid: {
    ...onRedirect,
    match: [
      { call: 'authorize', oauth: ['invalid_scope', 'invalid_resource'] },
      {
        call: 'authorize',
        oauth: turnsAway,
        aadsts: [...scopeNumbers, ...resourceNumbers],
      },
    ],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に誤りがある場合（つづりの誤りなど）。',
          en: '"Default Scopes" of the auth. provider is wrong (for example, misspelled).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に誤りがないか確認してください。つづりの例：openid profile email offline_access User.Read Mail.ReadBasic',
          en: 'Check that "Default Scopes" of the auth. provider is correct. Example of the spelling: openid profile email offline_access User.Read Mail.ReadBasic',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
        refutedBy: ['scopes_standard'],
      },
      ...scopeCauses.scope_refused.guide.slice(1),
    ],
  },
  redirect_error: {
    ...onRedirect,
    catchesAll: ['authorize'],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 が承認コードの代わりにエラーを返した場合。',
          en: 'Microsoft 365 returned an error instead of an authorization code.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '応答のエラー名とAADSTS番号を確認し、認証プロバイダの設定とMicrosoft Entra のアプリの登録を見直してください。',
          en: 'Check the error name and AADSTS number in the response, then review the auth. provider settings and the app registration in Microsoft Entra.',
        },
        mendAt: '/admin/auth-providers?field=consumerKey',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
