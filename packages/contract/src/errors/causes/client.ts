import type { Causes } from '../entry.ts';
import { clientDisabledNumber, clientUnknownNumbers } from '../facts.ts';
import { checkSecret } from '../guide-rows.ts';
import {
  argusAuthProvider,
  entraAppAuthentication,
  entraAppOverview,
  entraAppSecrets,
  entraEnterpriseApp,
} from '../places.ts';

const notAuthorized = { ja: '401 権限がありません。', en: '401 Not authorized.' };

/** Causes reported as `invalid_client`: the app's secret, and how it is sent. */
export const secretCauses = {
  secret_wrong: {
    match: [{ call: 'token', aadsts: [7000215] }],
    says: notAuthorized,
    tableGuide: checkSecret,
    retry: 'no',
    aboutSecret: true,
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「コンシューマの秘密」に誤りがある場合（シークレットの「値」の代わりに「シークレット ID」を入力した場合、前後に空白が入った場合など）。',
          en: '"Consumer Secret" of the auth. provider is wrong (for example, the "Secret ID" was entered instead of the "Value", or spaces were added before or after it).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマの秘密」に、シークレットの「値」を入力し直してください。値が分からない場合は、Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成し、その「値」を入力してください。',
          en: 'Enter the "Value" of the secret in "Consumer Secret" of the auth. provider again. If you do not have the value, ask a Microsoft Entra administrator to create a new client secret under Microsoft Entra admin center > App registrations > (app) > Certificates & secrets, then enter its "Value".',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
  },
  secret_expired: {
    match: [{ call: 'token', aadsts: [7000222] }],
    says: notAuthorized,
    tableGuide: checkSecret,
    retry: 'no',
    aboutSecret: true,
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「コンシューマの秘密」の有効期限が切れた場合。',
          en: '"Consumer Secret" of the auth. provider has expired.',
        },
        place: entraAppSecrets,
        remedy: {
          ja: '１）Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成してください。２）その「値」を認証プロバイダの「コンシューマの秘密」に、期限を「コンシューマの秘密の有効期限」に入力してください。認証済みの利用者の認証のやり直しは不要です（認証の途中だった利用者は、もう一度認証してください）。',
          en: '1) Ask a Microsoft Entra administrator to create a new client secret under Microsoft Entra admin center > App registrations > (app) > Certificates & secrets. 2) Enter its "Value" in "Consumer Secret" of the auth. provider, and its expiry date in "Consumer secret expires on". Users who are already authorized do not need to authorize again (users who were in the middle of authorizing need to authorize again).',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['entra_admin', 'portal_admin'],
      },
    ],
  },
  secret_missing: {
    match: [{ call: 'token', aadsts: [7000218] }],
    says: notAuthorized,
    retry: 'no',
    aboutSecret: true,
    guide: [
      {
        condition: {
          ja: '認証プロバイダに「コンシューマの秘密」が設定されていないか、秘密の送信方法が合っていない場合。',
          en: '"Consumer Secret" of the auth. provider is not set, or the way the secret is sent is wrong.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマの秘密」を入力し、「クライアント認証情報の送信方法」を「本文で送信」にしてください。',
          en: 'Enter "Consumer Secret" of the auth. provider, and set "Send client credentials" to "In the body".',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
  },
  client_public: {
    match: [{ call: 'token', aadsts: [700025] }],
    says: notAuthorized,
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'アプリが、秘密を使わないパブリック クライアントとして登録されている場合。',
          en: 'The app is registered as a public client, which does not use a secret.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLをプラットフォーム「Web」のリダイレクト URI として登録し、「パブリック クライアント フローを許可する」を「いいえ」にしてください。',
          en: 'Register the callback URL as a redirect URI of the platform "Web", and set "Allow public client flows" to No.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  certificate_rejected: {
    match: [{ call: 'token', aadsts: [700027, 700024, 700030, 5002730, 50027, 50064, 50048, 50099] }],
    says: notAuthorized,
    retry: 'no',
    aboutSecret: true,
    guide: [
      {
        condition: {
          ja: 'アプリに登録された証明書と、署名に使った証明書（拇印、有効期限、時刻、方式）が合わない場合。',
          en: 'The certificate registered for the app does not match the one used for signing (thumbprint, validity, clock, algorithm).',
        },
        place: entraAppSecrets,
        remedy: {
          ja: 'Argus は「コンシューマの秘密」で認証します。アプリにクライアント シークレットを作成し、その「値」を認証プロバイダに入力してください。証明書を使う中継がある場合は、登録された証明書の拇印と有効期限、サーバの時刻を確認してください。',
          en: 'Argus authenticates with "Consumer Secret". Create a client secret for the app and enter its "Value" in the auth. provider. If an intermediary uses a certificate, check the thumbprint and expiry of the registered certificate, and the clock of the server.',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['entra_admin', 'portal_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** The token endpoint rejects the app itself. */
export const clientCauses = {
  client_unknown: {
    match: [
      { call: 'token', aadsts: clientUnknownNumbers },
      { call: 'token', oauth: ['unauthorized_client'] },
    ],
    says: { ja: 'アプリ（コンシューマ鍵）が見つかりません。', en: 'The app (consumer key) was not found.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '「コンシューマ鍵」に誤りがある場合、またはURLのテナントが別の会社のものである場合。',
          en: '"Consumer Key" is wrong, or the tenant in the URLs belongs to another company.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマ鍵」が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「アプリケーション (クライアント) ID」と同じで、URLのテナントが「ディレクトリ (テナント) ID」と同じであることを確認してください。',
          en: 'Check that "Consumer Key" of the auth. provider is the same as "Application (client) ID", and the tenant in its URLs is the same as "Directory (tenant) ID", under Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=consumerKey',
        menders: ['portal_admin'],
      },
      {
        condition: {
          ja: 'アプリがテナントから削除されたか、まだ同意されていない場合。',
          en: 'The app was deleted from the tenant, or consent has not been granted yet.',
        },
        place: entraAppOverview,
        remedy: {
          ja: 'アプリの登録があることを確認し、管理者の同意を与えてください。',
          en: 'Check that the app registration exists, and grant admin consent.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  client_disabled: {
    match: [{ call: 'token', aadsts: [clientDisabledNumber, 1000031] }],
    says: { ja: 'アプリが無効になっています。', en: 'The app is disabled.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'Microsoft Entra の管理者がアプリのサインインを無効にした場合。',
          en: 'A Microsoft Entra administrator disabled sign-in to the app.',
        },
        place: entraEnterpriseApp,
        remedy: {
          ja: '「ユーザーのサインインが有効になっていますか?」を「はい」にしてください。',
          en: 'Set "Enabled for users to sign-in?" to Yes.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  platform_spa: {
    match: [{ call: 'token', aadsts: [9002327, 9002326] }],
    says: { ja: 'アプリのプラットフォームが「Web」ではありません。', en: 'The platform of the app is not "Web".' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'コールバックURLが「シングルページ アプリケーション」のリダイレクト URI として登録されている場合。',
          en: 'The callback URL is registered as a redirect URI of a "Single-page application".',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLを「シングルページ アプリケーション」から削除し、プラットフォーム「Web」に登録してください。',
          en: 'Remove the callback URL from "Single-page application" and register it under the platform "Web".',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies Causes;
