import type { Text } from '../language.ts';

/** 確認箇所, in the words of the customer's guide. */
export const adminMenu: Text = { ja: 'Argus 管理者メニュー', en: 'Argus admin menu' };
export const remoteSiteSettings: Text = {
  ja: 'Salesforce リモートサイトの設定',
  en: 'Salesforce remote site settings',
};
export const authProviderSettings: Text = {
  ja: 'Salesforce 認証プロバイダの設定',
  en: 'Salesforce auth. provider settings',
};
/** 確認箇所 of causes that the guide does not have. */
export const argusAuthProvider: Text = {
  ja: 'Argus 管理者メニュー > 認証プロバイダ',
  en: 'Argus admin menu > Auth. providers',
};
export const argusRemoteSites: Text = {
  ja: 'Argus 管理者メニュー > リモートサイト',
  en: 'Argus admin menu > Remote sites',
};
export const argusAccountLinks: Text = {
  ja: 'Argus 管理者メニュー > アカウント情報',
  en: 'Argus admin menu > Account links',
};
export const entraAppRegistration: Text = {
  ja: 'Microsoft Entra 管理センター > アプリの登録',
  en: 'Microsoft Entra admin center > App registrations',
};
export const entraUsers: Text = {
  ja: 'Microsoft 365 管理センター > ユーザー',
  en: 'Microsoft 365 admin center > Users',
};

const entra: Text = { ja: 'Microsoft Entra 管理センター', en: 'Microsoft Entra admin center' };
const entraPlace = (ja: string, en: string): Text => ({ ja: `${entra.ja} > ${ja}`, en: `${entra.en} > ${en}` });
export const entraAppOverview = entraPlace('アプリの登録 > (アプリ) > 概要', 'App registrations > (app) > Overview');
export const entraAppSecrets = entraPlace(
  'アプリの登録 > (アプリ) > 証明書とシークレット',
  'App registrations > (app) > Certificates & secrets',
);
export const entraAppAuthentication = entraPlace(
  'アプリの登録 > (アプリ) > 認証',
  'App registrations > (app) > Authentication',
);
export const entraAppPermissions = entraPlace(
  'アプリの登録 > (アプリ) > API のアクセス許可',
  'App registrations > (app) > API permissions',
);
export const entraEnterpriseApp = entraPlace(
  'エンタープライズ アプリケーション > (アプリ) > プロパティ',
  'Enterprise applications > (app) > Properties',
);
export const entraAssignments = entraPlace(
  'エンタープライズ アプリケーション > (アプリ) > ユーザーとグループ',
  'Enterprise applications > (app) > Users and groups',
);
export const entraConsentRequests = entraPlace(
  'エンタープライズ アプリケーション > 管理者の同意要求',
  'Enterprise applications > Admin consent requests',
);
export const entraConditionalAccess = entraPlace('条件付きアクセス > ポリシー', 'Conditional Access > Policies');
export const entraSignInLogs = entraPlace('監視と正常性 > サインイン ログ', 'Monitoring & health > Sign-in logs');
export const entraRiskyUsers = entraPlace('ID 保護 > 危険なユーザー', 'ID Protection > Risky users');
export const entraUserAccount = entraPlace('ユーザー > すべてのユーザー > (ユーザー)', 'Users > All users > (user)');
export const entraUserMethods = entraPlace(
  'ユーザー > すべてのユーザー > (ユーザー) > 認証方法',
  'Users > All users > (user) > Authentication methods',
);
export const entraExternalAccess = entraPlace(
  'External Identities > テナント間アクセス設定',
  'External Identities > Cross-tenant access settings',
);
export const microsoft365Licences: Text = {
  ja: 'Microsoft 365 管理センター > 課金情報 > ライセンス',
  en: 'Microsoft 365 admin center > Billing > Licenses',
};
export const microsoft365Health: Text = {
  ja: 'Microsoft 365 管理センター > 正常性 > サービス正常性',
  en: 'Microsoft 365 admin center > Health > Service health',
};

export const checkRemoteSiteUrl: Text = {
  ja: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  en: 'In the Salesforce remote site settings, check that "Remote Site URL" is correct.',
};
export const checkTokenEndpointUrl: Text = {
  ja: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
  en: 'In the Salesforce auth. provider settings, check that "Token Endpoint URL" is correct.',
};
export const correctTokenEndpointUrl: Text = {
  ja: '認証プロバイダの「トークンエンドポイントURL」を正しい形に直してください（例：https://login.microsoftonline.com/(テナントID)/oauth2/v2.0/token）。',
  en: 'Correct the "Token Endpoint URL" of the auth. provider (for example https://login.microsoftonline.com/(tenant ID)/oauth2/v2.0/token).',
};
export const checkMailUrl: Text = {
  ja: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
  en: 'In the Argus admin menu, check that "URL" is correct.',
};
export const checkConsumerSecret: Text = {
  ja: 'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  en: 'In the Salesforce auth. provider settings, check that "Consumer Secret" is correct and has not expired.',
};
export const congestion: Text = {
  ja: '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
  en: '1) The network is congested. 2) The Microsoft 365 servers are under load. 3) The Salesforce servers are under load.',
};
export const chooseLinkedAccount: Text = {
  ja: '利用者に、認証設定の「別のアカウントで認証」から、設定されているアカウントで認証してもらってください。ブラウザが別のアカウントで自動的にサインインする場合は、先に Microsoft 365 からサインアウトしてもらってください。',
  en: 'Ask the user to choose "Connect a different account" under "Microsoft 365 connection" and use the account assigned to them. If the browser automatically signs in with a different account, ask the user to sign out of Microsoft 365 first.',
};
export const reconnect: Text = {
  ja: '利用者に「Microsoft 365 と認証する」からもう一度認証してもらってください。',
  en: 'Ask the user to choose "Connect Microsoft 365" and authorize again.',
};
export const authorizeAgain: Text = {
  ja: 'もう一度認証を実行し、Microsoft 365 の画面の指示に従ってください。',
  en: 'Authorize again and follow the instructions on the Microsoft 365 screens.',
};

/** 発生条件 of rows that several entries share. */
export const secretWrongOrExpired: Text = {
  ja: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
  en: "The auth. provider's secret is wrong or has expired.",
};
export const tokenPathWrong: Text = {
  ja: '認証プロバイダのトークンエンドポイントURLのリソース先に誤りがある場合。',
  en: "The path of the auth. provider's token endpoint URL is wrong.",
};
