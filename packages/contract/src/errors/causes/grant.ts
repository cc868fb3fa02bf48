import { argusAuthProvider, authorizeAgain, entraAppAuthentication, entraConditionalAccess } from '../places.ts';
import type { TokenErrors } from '../purposes/token-error.ts';

const startAgain = { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' };

/** What ends a grant between two refreshes; while a user authorizes there is no refresh token yet. */
export const refreshErrors = {
  grant_expired: {
    rules: [{ aadsts: [700082, 70008, 700081] }],
    says: {
      ja: '認証の有効期限が切れました。',
      en: 'The authorization has expired.',
    },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '90日間、更新トークンが使用されなかった場合、または最長の有効期間が過ぎた場合。',
          en: 'The refresh token was not used for 90 days, or has reached its longest life.',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
    ],
  },
  grant_expired_spa: {
    rules: [{ aadsts: [700084] }],
    says: { ja: '認証の有効期限（24時間）が切れました。', en: 'The authorization has expired (24 hours).' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: 'コールバックURLが「シングルページ アプリケーション」のリダイレクト URI として登録されているため、24時間で失効する場合。',
          en: 'The callback URL is registered as a redirect URI of a single-page application, whose grants end after 24 hours.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLを「シングルページ アプリケーション」から削除し、プラットフォーム「Web」に登録してから、ユーザにもう一度認証してもらってください。',
          en: 'Remove the callback URL from "Single-page application", register it under the platform "Web", then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  sign_in_frequency: {
    rules: [{ aadsts: [70043] }],
    says: { ja: '会社の設定により、定期的な認証が必要です。', en: 'Your company asks for a sign-in at intervals.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '条件付きアクセスの「サインインの頻度」で決められた時間が過ぎた場合。',
          en: 'The time set by "Sign-in frequency" of Conditional Access has passed.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: 'もう一度認証を実行してください。頻繁に求められる場合は、Microsoft Entra の管理者が、ポリシーの「セッション > サインインの頻度」からアプリを除外してください。',
          en: 'Authorize again. If it is asked for too often, a Microsoft Entra administrator excludes the app from the policy with Session > Sign-in frequency.',
        },
        menders: ['user'],
      },
    ],
  },
  grant_damaged: {
    rules: [{ aadsts: [70000, 9002313] }],
    says: { ja: '保存されている認証が使用できません。', en: 'The stored authorization cannot be used.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '更新トークンが無効か、壊れている場合（別のアプリのもの、置き換えられたものなど）。',
          en: 'The refresh token is not valid or damaged (of another app, replaced by a newer one …).',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
    ],
  },
} as const satisfies TokenErrors;

/** What the token endpoint has against an authorization code. */
export const codeErrors = {
  code_expired: {
    rules: [{ aadsts: [70008] }],
    says: { ja: '承認コードの有効期限が切れました。', en: 'The authorization code has expired.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '承認コードが10分以内に使用されなかった場合。',
          en: 'The authorization code was not used within 10 minutes.',
        },
        remedy: startAgain,
        menders: ['user'],
      },
    ],
  },
  code_used_twice: {
    rules: [{ aadsts: [54005] }],
    says: { ja: '承認コードは既に使用されています。', en: 'The authorization code was used already.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '同じ承認コードが2回使用された場合（「戻る」ボタン、再読み込みなど）。',
          en: 'The same authorization code was used twice (the Back button, a reload …).',
        },
        remedy: startAgain,
        menders: ['user'],
      },
    ],
  },
  code_damaged: {
    rules: [{ aadsts: [70000, 9002313] }],
    says: { ja: '承認コードが正しくありません。', en: 'The authorization code is not valid.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '承認コードが無効か、壊れている場合。',
          en: 'The authorization code is not valid or damaged.',
        },
        remedy: startAgain,
        menders: ['user'],
      },
    ],
  },
  pkce_failed: {
    rules: [{ aadsts: [501481, 50147, 501491] }],
    says: { ja: '認証の開始と終了が一致しません。', en: 'The start and the end of the authorization do not match.' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '複数の画面で同時に認証した場合、またはCookieが失われた場合（PKCE の検証値の不一致）。',
          en: 'Several tabs authorized at once, or a cookie was lost (the PKCE verifier does not match).',
        },
        remedy: {
          ja: 'ほかの画面を閉じて、もう一度認証を開始してください。',
          en: 'Close the other tabs and start the authorization again.',
        },
        menders: ['user'],
      },
    ],
  },
  tenants_differ: {
    rules: [{ aadsts: [700005] }],
    says: {
      ja: '承認とトークンのURLのテナントが異なります。',
      en: 'The authorize and token URLs name different tenants.',
    },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントが異なる場合。',
          en: '"Authorize Endpoint URL" and "Token Endpoint URL" name different tenants.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '両方のURLのテナントを、同じ「ディレクトリ (テナント) ID」にしてください。',
          en: 'Put the same "Directory (tenant) ID" into both URLs.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  redirect_uri_differs: {
    rules: [{ aadsts: [500112] }],
    says: { ja: '401 権限がありません。', en: '401 Not authorized.' },
    rows: { authorization: 'A4', mail: 'B7' },
    retry: 'reconnect',
    causes: [
      {
        condition: {
          ja: '認証の間に、Argus の公開URL（ARGUS_PUBLIC_URL）または認証プロバイダの接尾辞が変わった場合。',
          en: 'The public URL of Argus (ARGUS_PUBLIC_URL) or the suffix of the auth. provider changed meanwhile.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: 'もう一度認証してもらってください。続く場合は、「コールバックURL」がアプリのリダイレクト URI として登録されていることを確認してください。',
          en: 'Ask the user to authorize again. If it persists, check that the callback URL is registered as a redirect URI of the app.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies TokenErrors;
