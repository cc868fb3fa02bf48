/**
 * Words with which people look for an error, and which its texts do not contain. A group belongs to every error that has
 * one of `parts` in its code.
 */
const groups: readonly { readonly parts: readonly string[]; readonly words: readonly string[] }[] = [
  {
    parts: ['declined'],
    words: [
      'キャンセル',
      '取り消し',
      '取消',
      '中止',
      '拒否',
      'やめた',
      'cancel',
      'cancelled',
      'canceled',
      'declined',
      'denied',
    ],
  },
  {
    parts: ['mfa_'],
    words: [
      '二段階認証',
      '2段階認証',
      '二要素認証',
      '2要素認証',
      'ワンタイム',
      'MFA',
      '2FA',
      'two-step',
      'two-factor',
      'Authenticator',
    ],
  },
  {
    parts: ['secret_'],
    words: ['シークレット', 'クライアントシークレット', '秘密鍵', 'client secret', 'client credential'],
  },
  {
    parts: ['site_not_registered'],
    words: ['許可リスト', 'ホワイトリスト', '無効', 'ブロック', 'allowlist', 'whitelist', 'blocked', 'switched off'],
  },
  {
    parts: ['throttled', 'too_many_requests'],
    words: ['アクセス集中', '混雑', '制限', '回数', 'rate limit', 'too many'],
  },
  { parts: ['timeout'], words: ['遅い', '重い', '応答なし', 'つながらない', 'slow', 'hangs'] },
  {
    parts: ['unreachable'],
    words: ['つながらない', '接続できない', 'ファイアウォール', 'DNS', 'firewall', 'cannot connect'],
  },
  {
    parts: ['mismatch', 'account_recreated'],
    words: ['別のアカウント', '違うアカウント', '個人用アカウント', 'wrong account', 'other account'],
  },
  {
    parts: ['mailbox_', 'exchange_online_missing'],
    words: ['ライセンス', 'メールボックス', 'Exchange', 'licence', 'license'],
  },
  { parts: ['consent_'], words: ['同意', '承諾', '承認が必要', 'admin approval', 'need approval', 'consent'] },
  { parts: ['password_', 'sign_in_'], words: ['パスワード', 'ログイン', 'ログオン', 'login', 'log in', 'logon'] },
  { parts: ['account_locked', 'sign_in_throttled'], words: ['ロック', 'ロックアウト', 'locked', 'lockout'] },
  { parts: ['access_blocked', 'device_', 'risk_blocked'], words: ['条件付きアクセス', 'conditional access', 'Intune'] },
  {
    parts: ['grant_', 'reconnect_needed', 'refresh_'],
    words: ['再認証', '認証切れ', 'トークン', 'token', 'expired', 'sign in again'],
  },
  { parts: ['redirect_uri'], words: ['コールバックURL', 'リダイレクトURI', 'callback URL', 'reply URL'] },
  { parts: ['query_refused'], words: ['フィルタ', '$filter', '$search', 'Invalid filter clause', 'filter'] },
  {
    parts: ['client_unknown'],
    words: ['コンシューマ鍵', 'クライアントID', 'アプリケーションID', 'client ID', 'application ID'],
  },
  { parts: ['csv_file_invalid'], words: ['文字化け', '見出し', 'ヘッダー', 'Excel', 'header'] },
];

/** The words of `groups` for a code. */
export function synonymsOf(code: string): readonly string[] {
  return groups.flatMap(({ parts, words }) => (parts.some((part) => code.includes(part)) ? words : []));
}
