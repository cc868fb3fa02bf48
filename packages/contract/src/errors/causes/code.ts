import type { Causes } from '../entry.ts';
import { argusAuthProvider } from '../places.ts';

const startAgain = { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' };

/** The token endpoint rejects an authorization code. There is no grant yet that could end. */
export const codeCauses = {
  code_expired: {
    match: [{ call: 'token', aadsts: [70008] }],
    says: { ja: '承認コードの有効期限が切れました。', en: 'The authorization code has expired.' },
    retry: 'reconnect',
    guide: [
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
    match: [{ call: 'token', aadsts: [54005] }],
    says: { ja: '承認コードは既に使用されています。', en: 'The authorization code has already been used.' },
    retry: 'reconnect',
    guide: [
      {
        condition: {
          ja: '同じ承認コードが2回使用された場合（「戻る」ボタン、再読み込みなど）。',
          en: 'The same authorization code was used twice (for example, because of the Back button or a reload).',
        },
        remedy: startAgain,
        menders: ['user'],
      },
    ],
  },
  code_damaged: {
    match: [{ call: 'token', aadsts: [70000, 9002313] }],
    says: { ja: '承認コードが正しくありません。', en: 'The authorization code is not valid.' },
    retry: 'reconnect',
    guide: [
      {
        condition: {
          ja: '承認コードが無効か、壊れている場合。',
          en: 'The authorization code is invalid or damaged.',
        },
        remedy: startAgain,
        menders: ['user'],
      },
    ],
  },
  pkce_failed: {
    match: [{ call: 'token', aadsts: [501481, 50147, 501491] }],
    says: { ja: '認証の開始と終了が一致しません。', en: 'The start and end of the connection attempt do not match.' },
    retry: 'reconnect',
    guide: [
      {
        condition: {
          ja: '複数の画面で同時に認証した場合、またはCookieが失われた場合（PKCE の検証値の不一致）。',
          en: 'The user authorized in several tabs at the same time, or a cookie was lost (the PKCE verifier does not match).',
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
    match: [{ call: 'token', aadsts: [700005] }],
    says: {
      ja: '承認とトークンのURLのテナントが異なります。',
      en: 'The tenants in the authorize and token URLs are different.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントが異なる場合。',
          en: 'The tenants in "Authorize Endpoint URL" and "Token Endpoint URL" are different.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '両方のURLのテナントを、同じ「ディレクトリ (テナント) ID」にしてください。',
          en: 'Use the same "Directory (tenant) ID" as the tenant in both URLs.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  redirect_uri_differs: {
    match: [{ call: 'token', aadsts: [500112] }],
    says: { ja: '401 権限がありません。', en: '401 Not authorized.' },
    retry: 'mend_and_reconnect',
    guide: [
      {
        condition: {
          ja: '認証の間に、Argus の公開URL（ARGUS_PUBLIC_URL）または認証プロバイダの接尾辞が変わった場合。',
          en: 'The public URL of Argus (ARGUS_PUBLIC_URL) or the suffix of the auth. provider changed during the authorization.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: 'もう一度認証してもらってください。続く場合は、「コールバックURL」がアプリのリダイレクト URI として登録されていることを確認してください。',
          en: 'Ask the user to authorize again. If the problem continues, check that "Callback URL" is registered as a redirect URI of the app.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
