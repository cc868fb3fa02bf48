import type { DoctorStepId, DoctorStepState } from './endpoints/diagnosis.ts';
import type { Text } from './language.ts';

/** The names of the steps of 接続診断, on screen and in help-desk texts. */
export const doctorStepNames: Readonly<Record<DoctorStepId, Text>> = {
  suffix: { ja: '認証プロバイダURL接尾辞', en: 'Auth. Provider URL Suffix' },
  provider: { ja: '認証プロバイダ', en: 'Auth. provider' },
  authorize_url: { ja: '承認エンドポイントURLとデフォルトの範囲', en: 'Authorize endpoint URL and default scopes' },
  token_site: { ja: 'トークンエンドポイントのリモートサイト', en: 'Remote site of the token endpoint' },
  mail_site: { ja: 'メールの取得先のリモートサイト', en: 'Remote site of the mail URL' },
  token_dns: {
    ja: 'トークンエンドポイントの名前解決（DNS・プロキシ）',
    en: 'Name resolution of the token endpoint (DNS or proxy)',
  },
  token_tls: { ja: 'トークンエンドポイントへの接続（TLS）', en: 'Connection to the token endpoint (TLS)' },
  mail_dns: { ja: 'メールの取得先の名前解決（DNS・プロキシ）', en: 'Name resolution of the mail URL (DNS or proxy)' },
  mail_tls: { ja: 'メールの取得先への接続（TLS）', en: 'Connection to the mail URL (TLS)' },
  token_endpoint: { ja: 'トークンエンドポイントの応答', en: 'Token endpoint response' },
  client_secret: { ja: 'コンシューマ鍵とコンシューマの秘密', en: 'Consumer key and consumer secret' },
  link: { ja: 'アカウントの紐づけ', en: 'Account link' },
  grant: { ja: '認証の有無', en: 'Authorization' },
  refresh: { ja: '認証の更新', en: 'Renewal of the authorization' },
  identity: { ja: '認証されたアカウント', en: 'Authorized account' },
  account_match: { ja: 'アカウントの一致', en: 'Accounts match' },
  mailbox: { ja: 'メールボックスの応答', en: 'Mailbox response' },
  messages: { ja: 'メールの取得', en: 'Fetching mail' },
};

export const doctorStateNames: Readonly<Record<DoctorStepState, Text>> = {
  waiting: { ja: '待機中', en: 'Waiting' },
  running: { ja: '実行中', en: 'Running' },
  ok: { ja: '成功', en: 'OK' },
  failed: { ja: '失敗', en: 'Failed' },
  cannot_check: { ja: '確認できません', en: 'Cannot be checked' },
  not_reached: { ja: '未到達', en: 'Not reached' },
};
