import type { Causes } from '../entry.ts';
import { signInAgainNumbers } from '../facts.ts';
import {
  adminMenu,
  authorizeAgain,
  entraAppAuthentication,
  entraConditionalAccess,
  entraSignInLogs,
  reconnect,
} from '../places.ts';

/** What revokes everything that a user granted; it can also occur during authorization. */
export const revokedCauses = {
  grant_revoked: {
    match: [{ call: 'token', aadsts: [50173, 50132, 50133, 50089] }],
    says: { ja: 'Microsoft 365 側で認証が取り消されました。', en: 'The connection was revoked in Microsoft 365.' },
    retry: 'reconnect',
    endsGrant: true,
    endsTokens: true,
    guide: [
      {
        condition: {
          ja: '管理者または利用者がセッションを取り消した場合、またはパスワードがリセットされた場合。',
          en: 'An administrator or the user revoked the sessions, or the password was reset.',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;

/** What ends a grant between two refreshes; during authorization there is no refresh token yet. */
export const grantCauses = {
  grant_expired: {
    match: [{ call: 'token', aadsts: [700082, 70008, 700081] }],
    says: {
      ja: '認証の有効期限が切れました。',
      en: 'The connection has expired.',
    },
    retry: 'reconnect',
    endsGrant: true,
    endsTokens: true,
    guide: [
      {
        condition: {
          ja: '90日間、更新トークンが使用されなかった場合、または最長の有効期間が過ぎた場合。',
          en: 'The refresh token was not used for 90 days, or has reached its maximum lifetime.',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
    ],
  },
  grant_expired_spa: {
    match: [{ call: 'token', aadsts: [700084] }],
    says: { ja: '認証の有効期限（24時間）が切れました。', en: 'The connection has expired (24 hours).' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    endsTokens: true,
    guide: [
      {
        condition: {
          ja: 'コールバックURLが「シングルページ アプリケーション」のリダイレクト URI として登録されているため、24時間で失効する場合。',
          en: 'The callback URL is registered as a redirect URI of a "Single-page application", so authorizations expire after 24 hours.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLを「シングルページ アプリケーション」から削除し、プラットフォーム「Web」に登録してから、利用者にもう一度認証してもらってください。',
          en: 'Remove the callback URL from "Single-page application", register it under the platform "Web", then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  sign_in_frequency: {
    match: [{ call: 'token', aadsts: [70043, 70044, 70046] }],
    says: {
      ja: '会社の設定により、定期的な認証が必要です。',
      en: 'Your company requires you to connect again periodically.',
    },
    retry: 'reconnect',
    endsGrant: true,
    endsTokens: true,
    guide: [
      {
        condition: {
          ja: '条件付きアクセスの「サインインの頻度」で決められた時間が過ぎた場合。',
          en: 'The time set by "Sign-in frequency" in Conditional Access has passed.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: 'もう一度認証を実行してください。頻繁に求められる場合は、Microsoft Entra の管理者が、ポリシーの「セッション > サインインの頻度」からアプリを除外してください。',
          en: 'Authorize again. If this is required too often, ask a Microsoft Entra administrator to exclude the app from the policy that sets Session > Sign-in frequency.',
        },
        menders: ['user'],
      },
    ],
  },
  refresh_refused_once: {
    match: [
      { call: 'token', aadsts: [70000, 9002313], knows: ['not_refused_before'] },
      { call: 'token', oauth: ['invalid_grant'], knows: ['not_refused_before'] },
    ],
    says: {
      ja: 'Microsoft 365 が認証の更新を拒否しました。一時的なことがあるため、もう一度確かめます。',
      en: 'Microsoft 365 refused to renew the connection. This may be temporary, so Argus will try once more.',
    },
    retry: 'later',
    retryAfterSeconds: 60,
    transient: true,
    isFirstRefusal: true,
    ofOneGrant: true,
    guide: [
      {
        condition: {
          ja: 'Microsoft Entra が、更新トークンを一度拒否した場合（理由が示されないか、エラー辞典にない番号）。',
          en: 'Microsoft Entra refused the refresh token once (with no reason, or with a number not in the error catalogue).',
        },
        remedy: {
          ja: '1分待って、再読み込みしてください。認証はそのまま残っています。もう一度拒否されると、認証のやり直しが求められます。',
          en: 'Wait 1 minute, then refresh. The authorization is kept. If it is refused again, the user is asked to authorize again.',
        },
        menders: ['microsoft'],
      },
      {
        condition: {
          ja: '繰り返し拒否され、エラーログにAADSTS番号がある場合。',
          en: 'It is refused repeatedly, and there is an AADSTS number in the error log.',
        },
        place: entraSignInLogs,
        remedy: {
          ja: 'サインイン ログで、この利用者とその番号の理由を確認してください。',
          en: 'In the sign-in logs, check the reason for this user and that number.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  grant_damaged: {
    match: [{ call: 'token', aadsts: [70000, 9002313] }],
    says: { ja: '保存されている認証が使用できません。', en: 'The stored connection cannot be used.' },
    retry: 'reconnect',
    endsGrant: true,
    endsTokens: true,
    guide: [
      {
        condition: {
          ja: '更新トークンが無効か、壊れている場合（別のアプリのもの、置き換えられたものなど）。',
          en: 'The refresh token is invalid or damaged (for example, it belongs to another app or was replaced).',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;

/** A grant that ended for an unknown reason; and a suspended one. */
export const endedGrantCauses = {
  reconnect_needed: {
    call: 'token',
    match: [
      { call: 'token', oauth: ['invalid_grant', 'interaction_required', 'login_required'] },
      { call: 'token', aadsts: signInAgainNumbers },
    ],
    retry: 'reconnect',
    endsGrant: true,
    message: {
      ja: ['Microsoft 365 との認証の有効期限が切れたか、取り消されました。', 'もう一度、認証してください。'],
      en: ['Your connection to Microsoft 365 has expired or was revoked.', 'Connect again.'],
    },
    guide: [
      {
        condition: {
          ja: '更新トークンが失効した場合（90日以上の未使用、パスワードの再設定、セッションの取り消し、条件付きアクセスなど）。',
          en: 'The refresh token is no longer valid (for example, because of 90 days without use, a password reset, revoked sessions or Conditional Access).',
        },
        remedy: reconnect,
        menders: ['user'],
      },
    ],
  },
  connection_moved: {
    call: 'settings',
    retry: 'reconnect',
    endsGrant: true,
    message: {
      ja: ['システム管理者が Microsoft 365 への接続先を変更しました。', 'もう一度、認証してください。'],
      en: ['Your system administrator changed how Argus connects to Microsoft 365.', 'Connect again.'],
    },
    guide: [
      {
        condition: {
          ja: '認証の後に、認証プロバイダの「トークンエンドポイントURL」または管理者メニューの「URL」が別のサイトに変更された場合。以前の認証は停止され、トークンは新しいサイトに送信されません。',
          en: '"Token Endpoint URL" of the auth. provider or "URL" in the admin menu was changed to a different site after the user authorized. The earlier authorization is suspended, and its tokens are not sent to the new site.',
        },
        place: adminMenu,
        remedy: {
          ja: '変更が正しい場合は、利用者にもう一度認証してもらってください。誤りの場合は、元のURLに戻してください。戻すと、以前の認証が再び有効になります。',
          en: 'If the change is correct, ask the user to authorize again. If it was a mistake, restore the original URL. The earlier authorization then becomes valid again.',
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin', 'user'],
      },
    ],
  },
} as const satisfies Causes;
