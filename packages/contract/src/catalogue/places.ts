import type { Text } from '../language.ts';

/** 確認箇所, as the customer's guide words it. */
export const adminMenu: Text = { ja: 'Argus 管理者メニュー', en: 'Argus admin menu' };
export const remoteSiteSettings: Text = {
  ja: 'Salesforce リモートサイトの設定',
  en: 'Salesforce remote site settings',
};
export const authProviderSettings: Text = {
  ja: 'Salesforce 認証プロバイダの設定',
  en: 'Salesforce auth. provider settings',
};
export const entraAppRegistration: Text = {
  ja: 'Microsoft Entra 管理センター > アプリの登録',
  en: 'Microsoft Entra admin center > App registrations',
};
export const entraUsers: Text = {
  ja: 'Microsoft 365 管理センター > ユーザー',
  en: 'Microsoft 365 admin center > Users',
};

export const checkRemoteSiteUrl: Text = {
  ja: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  en: 'In the Salesforce remote site settings, check that "Remote Site URL" is right.',
};
export const checkTokenEndpointUrl: Text = {
  ja: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
  en: 'In the Salesforce auth. provider settings, check that "Token Endpoint URL" is right.',
};
export const checkMailUrl: Text = {
  ja: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
  en: 'In the Argus admin menu, check that "URL" is right.',
};
export const checkConsumerSecret: Text = {
  ja: 'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  en: 'In the Salesforce auth. provider settings, check that "Consumer Secret" is right and has not expired.',
};
export const congestion: Text = {
  ja: '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
  en: '1) The network is congested. 2) The Microsoft 365 servers are under load. 3) The Salesforce servers are under load.',
};
