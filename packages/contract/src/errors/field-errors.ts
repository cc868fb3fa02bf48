import type { Text } from '../language.ts';

/** Errors of one form field, with the text shown next to it. `{name}` is filled from the error. */
export const fieldErrors = {
  required: { ja: '入力してください。', en: 'Enter a value.' },
  too_long: { ja: '{max}文字以内で入力してください。', en: 'Enter at most {max} characters.' },
  type_wrong: { ja: '形式が正しくありません。', en: 'The form of this value is not valid.' },
  unknown_field: { ja: '不明な項目です。', en: 'Unknown field.' },
  control_characters: { ja: '使用できない文字が含まれています。', en: 'It contains characters that are not allowed.' },
  ascii_only: {
    ja: '半角の英数字と記号だけで入力してください。全角の文字や見えない文字が混ざっていないか確認してください。',
    en: 'Use ASCII letters, digits and symbols only. Check for full-width and invisible characters.',
  },
  url_malformed: {
    ja: 'URLの形式が正しくありません。https:// から始まるURLを入力してください。',
    en: 'This is not a URL. Enter a URL that begins with https://.',
  },
  url_scheme: {
    ja: 'https:// または http:// から始まるURLを入力してください。',
    en: 'Enter a URL that begins with https:// or http://.',
  },
  url_userinfo: {
    ja: 'URLにユーザ名やパスワード（@ の前）を含めることはできません。',
    en: 'A URL must not contain a username or password (before @).',
  },
  url_fragment: { ja: 'URLに # を含めることはできません。', en: 'A URL must not contain #.' },
  url_https_needed: {
    ja: '利用者がサインインするページのため、https:// から始まるURLを入力してください。',
    en: 'Users sign in there: enter a URL that begins with https://.',
  },
  webhook_https_needed: {
    ja: 'Webhook URL を知っている人はだれでも投稿できるため、https:// から始まるURLを入力してください。',
    en: 'Whoever knows a webhook URL can post there: enter one that begins with https://.',
  },
  mail_address_malformed: {
    ja: '「{address}」はメールアドレスの形式ではありません。',
    en: '"{address}" is not a mail address.',
  },
  too_many_addresses: { ja: '{max}件以内で入力してください。', en: 'Enter at most {max} addresses.' },
  secret_for_new_origin: {
    ja: 'トークンエンドポイントURLを別のサイトに変更するときは、コンシューマの秘密を入力し直してください。保存されている秘密は {origin} にしか送信されません。',
    en: 'To move the token endpoint URL to another site, enter the consumer secret anew. The stored one is sent to {origin} alone.',
  },
  secret_needs_token_endpoint: {
    ja: '先に「トークンエンドポイントURL」を入力してください。秘密は、そのサイトにだけ送信するものとして保存されます。',
    en: 'Enter "Token Endpoint URL" first: a secret is stored for that site alone.',
  },
  url_needs_protocol_security_off: {
    ja: 'http:// のサイトを登録するには「プロトコルセキュリティの無効化」を選択してください。',
    en: 'To register an http:// site, tick "Disable Protocol Security".',
  },
  address_range_malformed: {
    ja: '「{range}」はアドレス範囲ではありません。10.1.0.0/16、fd12::/64 のように CIDR で入力してください。',
    en: '"{range}" is no address range. Enter it as CIDR, such as 10.1.0.0/16 or fd12::/64.',
  },
  address_range_public: {
    ja: '「{range}」はインターネットのアドレスのため、許可しなくても呼び出せます。入力は不要です。',
    en: '"{range}" is part of the public internet and can be called without being allowed. Leave it out.',
  },
  address_range_closed: {
    ja: '「{range}」は許可できません。許可できるのは 10.0.0.0/8、172.16.0.0/12、192.168.0.0/16、100.64.0.0/10、198.18.0.0/15、fc00::/7、64:ff9b:1::/48 の中の範囲だけで、クラウドのメタデータのアドレスは除きます。',
    en: '"{range}" cannot be allowed. Only ranges within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 198.18.0.0/15, fc00::/7 and 64:ff9b:1::/48 can, but no metadata address of a cloud.',
  },
  suffix_malformed: {
    ja: 'URL接尾辞には半角の英数字と _ だけを使用できます。先頭は英字とし、_ を続けたり末尾に置いたりすることはできません。',
    en: 'A URL suffix may hold only letters, digits and _. It begins with a letter, and has no double or trailing _.',
  },
  suffix_taken: { ja: 'このURL接尾辞は既に使用されています。', en: 'This URL suffix is already in use.' },
  name_taken: { ja: 'この名前は既に使用されています。', en: 'This name is already in use.' },
  site_taken: {
    ja: 'このサイトは「{name}」として既に登録されています。',
    en: 'This site is already registered as "{name}".',
  },
  number_range: { ja: '{min}から{max}までの整数を入力してください。', en: 'Enter a whole number from {min} to {max}.' },
  number_range_or: {
    ja: '{also}、または{min}から{max}までの整数を入力してください。',
    en: 'Enter {also}, or a whole number from {min} to {max}.',
  },
  timeout_order: {
    ja: '接続のタイムアウトは、全体のタイムアウト以下にしてください。',
    en: 'The connect timeout must not exceed the total timeout.',
  },
  choice_invalid: { ja: '選択肢から選んでください。', en: 'Choose one of the options.' },
  date_invalid: {
    ja: '日付は 2027/05/20 または 2027-05-20 の形式で入力してください。',
    en: 'Enter the date as 2027-05-20.',
  },
  scope_malformed: {
    ja: '範囲は半角の文字を空白で区切って入力してください。',
    en: 'Enter scopes as ASCII words with spaces between them.',
  },
  username_malformed: {
    ja: 'メールアドレスの形式（例：taro@example.com）で入力してください。',
    en: 'Enter it in e-mail form, such as taro@example.com.',
  },
  username_taken: {
    ja: 'このSalesforceアカウントは既に使用されています。',
    en: 'This Salesforce account is already in use.',
  },
  salesforce_id_malformed: {
    ja: '15文字または18文字のSalesforce IDを入力してください。',
    en: 'Enter a Salesforce ID of 15 or 18 characters.',
  },
  salesforce_id_taken: { ja: 'このSalesforce IDは既に使用されています。', en: 'This Salesforce ID is already in use.' },
  password_too_short: { ja: 'パスワードは{min}文字以上にしてください。', en: 'Use at least {min} characters.' },
  password_wrong: { ja: '現在のパスワードが違います。', en: 'The current password is wrong.' },
  password_same: { ja: '現在と異なるパスワードにしてください。', en: 'Choose another password than the current one.' },
  password_like_username: {
    ja: 'Salesforceアカウントと同じパスワードは使用できません。',
    en: 'The password must not be the Salesforce account.',
  },
  account_unknown: {
    ja: 'このSalesforceアカウントは存在しません。先に「利用者」で登録してください。',
    en: 'There is no such Salesforce account. Register it under Users first.',
  },
  account_linked: {
    ja: 'このSalesforceアカウントには、既に {other} が紐づけられています。',
    en: 'This Salesforce account is already linked to {other}.',
  },
  upn_malformed: {
    ja: 'Microsoft365アカウント（例：taro@contoso.com）の形式で入力してください。',
    en: 'Enter a Microsoft 365 account such as taro@contoso.com.',
  },
  upn_linked: {
    ja: 'このMicrosoft365アカウントは、既に {other} に紐づけられています。',
    en: 'This Microsoft 365 account is already linked to {other}.',
  },
  csv_undecodable: {
    ja: '読み取れない文字があります。文字を入力し直し、「CSV UTF-8」形式で保存してください。',
    en: 'A character cannot be read. Type it anew and save the file as "CSV UTF-8".',
  },
  csv_cells_missing: {
    ja: '列が足りません（{expected}列のところ{given}列）。区切り文字を確認してください。',
    en: 'Cells are missing ({given} instead of {expected}). Check the separators.',
  },
  csv_cells_extra: {
    ja: '列が多すぎます（{expected}列のところ{given}列）。区切り文字や " を確認してください。',
    en: 'There are too many cells ({given} instead of {expected}). Check separators and quotes.',
  },
  csv_username_repeated: {
    ja: 'このSalesforceアカウントは{lines}行目に重複しています。1行だけ残してください。',
    en: 'This Salesforce account is repeated in rows {lines}. Keep one of them.',
  },
  csv_upn_repeated: {
    ja: 'このMicrosoft365アカウントは{lines}行目に重複しています。1行だけ残してください。',
    en: 'This Microsoft 365 account is repeated in rows {lines}. Keep one of them.',
  },
  csv_account_unknown: {
    ja: 'このSalesforceアカウントは存在しません。先に「利用者」で登録するか、「存在しない利用者を作成する」を選択してください。',
    en: 'There is no such Salesforce account. Register it under Users, or tick "Create unknown users".',
  },
  csv_match_none: {
    ja: '対応する利用者がありません。ユーザー プリンシパル名またはメールアドレスと等しいSalesforceアカウントも、等しい表示名もありません。',
    en: 'No user belongs to it: no Salesforce account equals the user principal name or the mail address, and no display name is the same.',
  },
  csv_match_inactive: {
    ja: '対応する利用者は無効です。「利用者」で有効にしてから、もう一度取り込んでください。',
    en: 'The user it belongs to is inactive. Activate it under Users, and import again.',
  },
  csv_match_ambiguous: {
    ja: '利用者を1人に特定できません。同じ利用者に対応する行、または同じ表示名の利用者が、ほかにもあります。「アカウント情報」で個別に登録してください。',
    en: 'It is not certain which user it belongs to: other lines belong to the same user, or other users have the same display name. Register it under Account links.',
  },
  csv_role_unknown: {
    ja: '役割には「一般ユーザ」または「管理者」と入力してください。',
    en: 'Enter "User" or "Administrator" as the role.',
  },
  csv_active_unknown: {
    ja: '有効には TRUE または FALSE と入力してください。',
    en: 'Enter TRUE or FALSE.',
  },
  csv_last_admin: {
    ja: '有効な管理者がいなくなります。管理者を1人以上残してください。',
    en: 'No active administrator would be left. Keep at least one.',
  },
  csv_own_account: {
    ja: '自分自身の役割と有効は、ファイルでは変更できません。この行を元の値に戻してください。',
    en: 'Your own role and activity cannot be changed by a file. Put this row back as it was.',
  },
  csv_count_differs: {
    ja: '削除される件数（{count}）を入力してください。',
    en: 'Enter the number of removed rows ({count}).',
  },
} as const satisfies Record<string, Text>;

export type FieldErrorCode = keyof typeof fieldErrors;

/** Warnings for an administrator who saved something that is well-formed but may be wrong. */
export const warnings = {
  suffix_unknown: {
    ja: 'この接尾辞の認証プロバイダはまだありません。「認証プロバイダ」で作成してください。',
    en: 'There is no auth. provider with this suffix yet. Create it under Auth. Providers.',
  },
  suffix_unfinished: {
    ja: 'この接尾辞の認証プロバイダは未完成です。「認証プロバイダ」で残りの項目を入力して保存するまで、使用されません。',
    en: 'The auth. provider with this suffix is unfinished. It is not used until you fill in the rest under Auth. Providers.',
  },
  provider_unfinished: {
    ja: 'この認証プロバイダは未完成です。残りの項目を入力して保存するまで、使用されません。',
    en: 'This auth. provider is unfinished. It is not used until you fill in the rest and save it.',
  },
  origin_not_registered: {
    ja: '{origin} はリモートサイトに登録されていません。登録するまで、この呼び出しはできません。',
    en: '{origin} is not a remote site. Until it is registered, it cannot be called.',
  },
  origin_inactive: {
    ja: '{origin} のリモートサイトは有効ではありません。有効にするまで、この呼び出しはできません。',
    en: 'The remote site {origin} is not active. Until it is, it cannot be called.',
  },
  origin_protocol_security: {
    ja: '{origin} は http:// のため、「プロトコルセキュリティの無効化」を選択したリモートサイトが必要です。',
    en: '{origin} is plain http: it needs a remote site with "Disable Protocol Security".',
  },
  origin_address_denied: {
    ja: '{origin} は内部ネットワークのアドレスのため、リモートサイトの「許可するアドレス範囲」にない限り呼び出せません。',
    en: '{origin} is an address of an internal network. Unless "Allowed Address Ranges" of its remote site has it, it cannot be called.',
  },
  host_not_resolved: {
    ja: '{host} が見つかりません（DNS）。ホスト名に誤りがないか確認してください。',
    en: '{host} was not found (DNS). Check the host name.',
  },
  offline_access_missing: {
    ja: '「デフォルトの範囲」に offline_access がないため、認証を継続できません。',
    en: '"Default Scopes" lack offline_access: users cannot stay authorized.',
  },
  mail_scope_missing: {
    ja: '「デフォルトの範囲」に Mail.Read も Mail.ReadBasic もないため、メールを取得できません。',
    en: '"Default Scopes" have neither Mail.Read nor Mail.ReadBasic: no mail can be fetched.',
  },
  preview_scope_missing: {
    ja: '本文のプレビューを表示するには、使用中の認証プロバイダの「デフォルトの範囲」に Mail.Read が必要です（Mail.ReadBasic ではプレビューは表示されません）。',
    en: 'The preview of the text needs Mail.Read in the "Default Scopes" of the auth. provider in use (with Mail.ReadBasic no preview is shown).',
  },
  tenant_common: {
    ja: 'テナントが common のため、どの会社のアカウントでも、個人用の Microsoft アカウントでも認証できます。自社のアカウントに限るには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is common: accounts of any company and personal Microsoft accounts can authorize. To admit your own alone, use "Directory (tenant) ID".',
  },
  tenant_organizations: {
    ja: 'テナントが organizations のため、どの会社のアカウントでも認証できます。自社のアカウントに限るには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is organizations: accounts of any company can authorize. To admit your own alone, use "Directory (tenant) ID".',
  },
  tenant_consumers: {
    ja: 'テナントが consumers のため、個人用の Microsoft アカウントだけが認証でき、会社のアカウントは認証できません。会社のアカウントには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is consumers: only personal Microsoft accounts can authorize, and none of a company. For company accounts use "Directory (tenant) ID".',
  },
  tenants_differ: {
    ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントが異なります。',
    en: 'The tenants of "Authorize Endpoint URL" and "Token Endpoint URL" differ.',
  },
  authorize_origin_differs: {
    ja: '{origin} は「トークンエンドポイントURL」と異なるサイトです。利用者はここでサインインします。誤りがないか確認してください。',
    en: '{origin} is another site than that of "Token Endpoint URL". Users sign in there: make sure that it is right.',
  },
  authorize_url_plain_http: {
    ja: '「承認エンドポイントURL」が https:// で始まらないため、利用者は認証を開始できません。',
    en: '"Authorize Endpoint URL" does not begin with https://: users cannot start to authorize.',
  },
  secret_missing: {
    ja: '「コンシューマの秘密」が設定されていません。',
    en: '"Consumer Secret" is not set.',
  },
  mail_url_unusual: {
    ja: 'URLが …/mailFolders/…/messages の形ではないため、未読件数は表示されません。',
    en: 'The URL is not of the form …/mailFolders/…/messages, so no unread count will be shown.',
  },
} as const satisfies Record<string, Text>;

export type WarningCode = keyof typeof warnings;
