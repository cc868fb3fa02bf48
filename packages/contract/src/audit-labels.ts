import type { AuditAction } from './audit-actions.ts';
import type { Language, Text } from './language.ts';

/** The actions of 監査ログ in words, for its page and its file. */
export const auditActionLabels = {
  sign_in: { ja: 'サインイン', en: 'Sign-in' },
  sign_in_failed: { ja: 'サインインの失敗', en: 'Sign-in failed' },
  sign_in_blocked: { ja: 'サインインの拒否（失敗の繰り返し）', en: 'Sign-in refused (too many failures)' },
  sign_out: { ja: 'サインアウト', en: 'Sign-out' },
  first_admin_created: { ja: '最初の管理者の作成', en: 'First administrator created' },
  first_admin_failed: { ja: '最初の管理者の無効なリンク', en: 'First administrator: invalid link' },
  password_changed: { ja: 'パスワードの変更', en: 'Password changed' },
  password_check_failed: { ja: '現在のパスワードの誤り', en: 'Wrong current password' },
  password_set: { ja: 'パスワードの設定', en: 'Password set' },
  invitation_issued: { ja: '招待リンクの発行', en: 'Invitation link issued' },
  invitation_accepted: { ja: '招待リンクによるパスワードの設定', en: 'Password set by invitation link' },
  invitation_failed: { ja: '無効な招待リンク', en: 'Invalid invitation link' },
  user_created: { ja: '利用者の作成', en: 'User created' },
  user_changed: { ja: '利用者の変更', en: 'User changed' },
  user_deleted: { ja: '利用者の削除', en: 'User deleted' },
  settings_changed: { ja: '基本設定の変更', en: 'Settings changed' },
  auth_provider_created: { ja: '認証プロバイダの作成', en: 'Auth. provider created' },
  auth_provider_changed: { ja: '認証プロバイダの変更', en: 'Auth. provider changed' },
  auth_provider_deleted: { ja: '認証プロバイダの削除', en: 'Auth. provider deleted' },
  remote_site_created: { ja: 'リモートサイトの追加', en: 'Remote site added' },
  remote_site_changed: { ja: 'リモートサイトの変更', en: 'Remote site changed' },
  remote_site_deleted: { ja: 'リモートサイトの削除', en: 'Remote site deleted' },
  account_link_created: { ja: '紐づけの追加', en: 'Link added' },
  account_link_changed: { ja: '紐づけの変更', en: 'Link changed' },
  account_link_deleted: { ja: '紐づけの削除', en: 'Link deleted' },
  account_pin_cleared: { ja: 'アカウントの認め直し', en: 'Account accepted again' },
  auth_provider_switched: { ja: '使用する認証プロバイダの切り替え', en: 'Auth. provider in use switched' },
  authorize_endpoint_moved: {
    ja: '承認エンドポイントのサイトの変更',
    en: 'Authorize endpoint changed to another site',
  },
  token_endpoint_moved: { ja: 'トークンエンドポイントのサイトの変更', en: 'Token endpoint changed to another site' },
  mail_url_moved: { ja: 'メールの取得先のサイトの変更', en: 'Mail URL changed to another site' },
  reauthenticated: { ja: 'パスワードの確認', en: 'Password confirmed' },
  authorization_granted: { ja: '認証', en: 'Authorized' },
  authorization_mismatch: { ja: '異なるアカウントの認証', en: 'Different account authorized' },
  authorization_revoked: { ja: '認証の取消', en: 'Authorization revoked' },
  sealed_value_refused: { ja: '改ざんされた秘密の値の拒否', en: 'Tampered secret refused' },
  csv_exported: { ja: 'CSV出力', en: 'CSV exported' },
  csv_import_begun: { ja: 'CSV取込の開始', en: 'CSV import started' },
  csv_import_cancelled: { ja: 'CSV取込の中止', en: 'CSV import canceled' },
  csv_import_failed: { ja: 'CSV取込の失敗', en: 'CSV import failed' },
  csv_import_applied: { ja: 'CSV取込', en: 'CSV imported' },
  csv_import_undone: { ja: 'CSV取込の取り消し', en: 'CSV import undone' },
  connection_diagnosed: { ja: '接続診断', en: 'Connection diagnosed' },
  connection_tried: { ja: '保存前に確認', en: 'Connection checked before saving' },
  alert_channel_created: { ja: 'アラートの送信先の追加', en: 'Alert destination added' },
  alert_channel_changed: { ja: 'アラートの送信先の変更', en: 'Alert destination changed' },
  alert_channel_tested: { ja: 'アラートのテスト送信', en: 'Alert tested' },
  alert_channel_deleted: { ja: 'アラートの送信先の削除', en: 'Alert destination deleted' },
} as const satisfies Readonly<Record<AuditAction, Text>>;

/** Names of the fields that 監査ログ shows. A field without one, of a later version, is shown by its own name. */
const auditFieldLabels: Readonly<Record<string, Text>> = {
  mailUrl: { ja: 'URL', en: 'URL' },
  authProviderUrlSuffix: { ja: '認証プロバイダURL接尾辞', en: 'Auth. Provider URL Suffix' },
  mailCount: { ja: '表示件数', en: 'Number of messages' },
  unreadOnly: { ja: '未読メールだけを表示する', en: 'Show unread mail only' },
  previewEnabled: { ja: '本文のプレビュー', en: 'Preview' },
  refreshIntervalSeconds: { ja: '自動更新の間隔', en: 'Automatic refresh interval' },
  connectTimeoutSeconds: { ja: '接続のタイムアウト', en: 'Connect timeout' },
  totalTimeoutSeconds: { ja: '全体のタイムアウト', en: 'Total timeout' },
  errorRetentionDays: { ja: 'エラーログの保存期間', en: 'Keep error log for' },
  signInHelp: { ja: 'パスワードが分からないときの案内', en: 'Who to contact about a forgotten password' },
  noSuccessHours: { ja: 'メールを取得できないときの警告', en: 'Warn when no new mail for' },
  suspendedGrants: { ja: '停止された認証の数', en: 'Authorizations suspended' },
  authProvider: { ja: '使用する認証プロバイダ', en: 'Auth. provider in use' },
  name: { ja: '名前', en: 'Name' },
  urlSuffix: { ja: 'URL接尾辞', en: 'URL Suffix' },
  consumerKey: { ja: 'コンシューマ鍵', en: 'Consumer Key' },
  consumerSecret: { ja: 'コンシューマの秘密', en: 'Consumer Secret' },
  consumerSecretExpiresOn: { ja: 'コンシューマの秘密の有効期限', en: 'Consumer secret expires on' },
  authorizeEndpointUrl: { ja: '承認エンドポイントURL', en: 'Authorize Endpoint URL' },
  tokenEndpointUrl: { ja: 'トークンエンドポイントURL', en: 'Token Endpoint URL' },
  issuer: { ja: '発行者', en: 'Token Issuer' },
  defaultScopes: { ja: 'デフォルトの範囲', en: 'Default Scopes' },
  resource: { ja: 'リソース', en: 'Resource' },
  clientAuthentication: { ja: 'クライアント認証情報の送信方法', en: 'Send client credentials' },
  unfinished: { ja: '未完成', en: 'Unfinished' },
  url: { ja: 'リモートサイトのURL', en: 'Remote Site URL' },
  disableProtocolSecurity: { ja: 'プロトコルセキュリティの無効化', en: 'Disable Protocol Security' },
  allowedAddressRanges: { ja: '許可するアドレス範囲', en: 'Allowed Address Ranges' },
  active: { ja: '有効', en: 'Active' },
  description: { ja: '説明', en: 'Description' },
  username: { ja: 'Salesforceアカウント', en: 'Salesforce account' },
  displayName: { ja: 'ユーザ名', en: 'User Name' },
  role: { ja: '役割', en: 'Role' },
  salesforceId: { ja: 'Salesforce ID', en: 'Salesforce ID' },
  microsoftAccount: { ja: 'Microsoft365アカウント', en: 'Microsoft 365 account' },
  linkedAccount: { ja: '管理者が設定したアカウント', en: 'Account assigned by the administrator' },
  authorizedAccount: { ja: '認証されたアカウント', en: 'Authorized account' },
  error: { ja: 'エラーの行', en: 'Rows with errors' },
  added: { ja: '追加した行', en: 'Rows added' },
  changed: { ja: '変更した行', en: 'Rows changed' },
  respelled: { ja: '表記だけを変更した行', en: 'Rows with only spelling changed' },
  unchanged: { ja: '変更のない行', en: 'Rows unchanged' },
  removed: { ja: '削除した行', en: 'Rows deleted' },
  unmatched: { ja: '照合できない行', en: 'Rows not matched' },
  kept: { ja: '元に戻さなかった行', en: 'Rows left as they were' },
  accountsCreated: { ja: '作成した利用者', en: 'Users created' },
  disconnected: { ja: '接続が切れた利用者', en: 'Users disconnected' },
  madeAdmin: { ja: '管理者になった利用者', en: 'Users who became administrators' },
  noLongerAdmin: { ja: '管理者でなくなった利用者', en: 'Users who are no longer administrators' },
  activated: { ja: '有効になった利用者', en: 'Users activated' },
  deactivated: { ja: '無効になった利用者', en: 'Users deactivated' },
  fileBytes: { ja: 'ファイルのサイズ（バイト）', en: 'File size (bytes)' },
  step: { ja: '段階', en: 'Step' },
  errorCode: { ja: 'エラーコード', en: 'Error code' },
  invitations: { ja: '招待リンク', en: 'Invitation links' },
  objectId: { ja: 'アカウントのID（オブジェクト ID）', en: 'Account ID (object ID)' },
  format: { ja: '形式', en: 'Format' },
  origin: { ja: '送信先', en: 'Destination' },
  webhookUrl: { ja: 'Webhook URL', en: 'Webhook URL' },
  recipients: { ja: '宛先', en: 'Recipients' },
  kinds: { ja: '知らせる内容', en: 'Notify about' },
  leastUsers: { ja: '影響する利用者の数', en: 'Users affected' },
  language: { ja: '言語', en: 'Language' },
};

/** The same for the rows of an import that was undone. */
const auditUndoneLabels: Readonly<Record<string, Text>> = {
  added: { ja: '取り消した追加', en: 'Additions undone' },
  changed: { ja: '元に戻した変更', en: 'Changes undone' },
  respelled: { ja: '元に戻した表記', en: 'Spelling changes undone' },
  removed: { ja: '元に戻した削除', en: 'Deletions undone' },
};

/** The name of a field in an event of this action. */
export function auditFieldName(action: string, field: string, language: Language): string {
  const undone = action === 'csv_import_undone' ? auditUndoneLabels[field] : undefined;
  return (undone ?? auditFieldLabels[field])?.[language] ?? field;
}

/** A value in words, if it is a code. */
export function auditValueName(field: string, value: string, language: Language): string | undefined {
  return (auditValueLabels[field]?.[value] ?? auditValueLabels.any?.[value])?.[language];
}

/** Words for values that are codes, by field; `any` holds for every field. */
const auditValueLabels: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  any: {
    true: { ja: 'オン', en: 'on' },
    false: { ja: 'オフ', en: 'off' },
  },
  role: {
    user: { ja: '一般ユーザ', en: 'User' },
    admin: { ja: '管理者', en: 'Administrator' },
  },
  step: {
    receiving: { ja: 'ファイルの送信', en: 'sending the file' },
    reading: { ja: 'ファイルの読み取り', en: 'reading the file' },
    applying: { ja: '取り込み', en: 'importing' },
    undoing: { ja: '取り消し', en: 'undoing' },
  },
  clientAuthentication: {
    body: { ja: '本文で送信', en: 'in the body' },
    header: { ja: 'ヘッダーで送信', en: 'in the header' },
  },
};
