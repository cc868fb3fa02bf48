import type { Causes } from '../entry.ts';
import { argusAuthProvider, entraConditionalAccess, microsoft365Health } from '../places.ts';

/** Microsoft Graph rejects the token, or its use. */
export const accessCauses = {
  unauthorized: {
    match: [
      { call: 'graph', status: [401] },
      { call: 'graph', graph: ['InvalidAuthenticationToken', 'AuthenticationError', 'unauthenticated'] },
    ],
    says: ({ data }) => ({
      ja: `401 ${data.ja}サーバがアクセストークンを受け付けません。`,
      en: `401 The ${data.en} server does not accept the access token.`,
    }),
    retry: 'no',
    outlastsRefresh: true,
    guide: ({ data }) => [
      {
        condition: {
          ja: `新しいアクセストークンも、${data.ja}のURLのサーバに受け付けられなかった場合（別のリソースやクラウドのトークンなど）。`,
          en: `The server of the ${data.en} URL did not accept even a new access token (for example, because it is for a different resource or cloud).`,
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」（v1ではリソース）と、管理者メニューの「URL」が同じサービスのものか確認してください。',
          en: 'Check that "Default Scopes" (or "Resource" for v1) of the auth. provider and "URL" in the admin menu belong to the same service.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
        unlikelyWith: ['worked_before'],
      },
      {
        condition: {
          ja: '以前は取得できていた場合、または設定が正しい場合（途中の中継がトークンを取り除いた、サーバ側の一時的な障害など）。',
          en: 'It worked before, or the settings are correct (for example, an intermediary removes the token or the server has a temporary fault).',
        },
        place: microsoft365Health,
        remedy: {
          ja: '時間を置いてから再読み込みしてもらってください。続く場合は、サービス正常性と、Argus から Microsoft Graph への途中の中継（プロキシ）を確認してください。',
          en: 'Ask the user to wait a while, then refresh. If the problem continues, check the service health and any intermediary (proxy) between Argus and Microsoft Graph.',
        },
        menders: ['portal_admin'],
      },
    ],
  },
  access_denied: {
    match: [
      { call: 'graph', status: [403] },
      { call: 'graph', graph: ['ErrorAccessDenied', 'Authorization_RequestDenied', 'accessDenied'] },
    ],
    says: { ja: '403 アクセスが拒否されました。', en: '403 Access was denied.' },
    retry: 'no',
    // The purpose knows which permission is missing, and says so.
    guide: [],
  },
  claims_challenge: {
    match: [
      { call: 'graph', claimsChallenge: true },
      {
        call: 'graph',
        graph: ['InvalidAuthenticationToken', 'AuthenticationError', 'unauthenticated', 'ErrorAccessDenied'],
        claimsChallenge: true,
      },
      { call: 'graph', graph: ['insufficient_claims'] },
    ],
    says: {
      ja: '会社のセキュリティの設定により、もう一度サインインが必要です。',
      en: "your company's security settings require you to sign in again.",
    },
    retry: 'reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: 'セッションの取り消し、パスワードの変更、条件付きアクセスの変更などのため、Microsoft 365 が新しいサインインを求めた場合（継続的アクセス評価）。',
          en: 'Microsoft 365 required a new sign-in, for example because sessions were revoked, the password was changed or a Conditional Access policy was changed (continuous access evaluation).',
        },
        remedy: {
          ja: 'もう一度認証を実行し、Microsoft 365 の画面の指示に従ってください。',
          en: 'Authorize again and follow the instructions on the Microsoft 365 screens.',
        },
        menders: ['user'],
      },
      {
        condition: {
          ja: '認証のやり直しを繰り返し求められる場合。',
          en: 'Users are repeatedly asked to authorize again.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: '条件付きアクセスのポリシーが、Argus のサーバの場所を対象としていないか確認してください。',
          en: 'Check that no Conditional Access policy applies to the location of the Argus server.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies Causes;
