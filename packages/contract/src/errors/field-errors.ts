import type { Text } from '../language.ts';

/** Errors of one form field, with the text shown next to it. `{name}` is filled from the error. */
export const fieldErrors = {
  required: { ja: '入力してください。', en: 'Enter a value.' },
  too_long: { ja: '{max}文字以内で入力してください。', en: 'Enter at most {max} characters.' },
  type_wrong: { ja: '形式が正しくありません。', en: 'The format of this value is not valid.' },
  unknown_field: { ja: '不明な項目です。', en: 'Unknown field.' },
  control_characters: {
    ja: '使用できない文字が含まれています。',
    en: 'This contains characters that are not allowed.',
  },
  ascii_only: {
    ja: '半角の英数字と記号だけで入力してください。全角の文字や見えない文字が混ざっていないか確認してください。',
    en: 'Use only ASCII letters, digits and symbols. Check for full-width or invisible characters.',
  },
  url_malformed: {
    ja: 'URLの形式が正しくありません。https:// から始まるURLを入力してください。',
    en: 'This is not a valid URL. Enter a URL that begins with https://.',
  },
  url_scheme: {
    ja: 'https:// または http:// から始まるURLを入力してください。',
    en: 'Enter a URL that begins with https:// or http://.',
  },
  url_userinfo: {
    ja: 'URLにユーザ名やパスワード（@ の前）を含めることはできません。',
    en: 'A URL cannot contain a username or password (before @).',
  },
  url_fragment: { ja: 'URLに # を含めることはできません。', en: 'A URL cannot contain #.' },
  url_https_needed: {
    ja: '利用者がサインインするページのため、https:// から始まるURLを入力してください。',
    en: 'Users sign in on this page, so enter a URL that begins with https://.',
  },
  webhook_https_needed: {
    ja: 'Webhook URL を知っている人はだれでも投稿できるため、https:// から始まるURLを入力してください。',
    en: 'Anyone who knows the webhook URL can post to it, so enter a URL that begins with https://.',
  },
  mail_address_malformed: {
    ja: '「{address}」はメールアドレスの形式ではありません。',
    en: '"{address}" is not a valid email address.',
  },
  too_many_addresses: { ja: '{max}件以内で入力してください。', en: 'Enter at most {max} addresses.' },
  secret_for_new_origin: {
    ja: 'トークンエンドポイントURLを別のサイトに変更するときは、コンシューマの秘密を入力し直してください。保存されている秘密は {origin} にしか送信されません。',
    en: 'To change the token endpoint URL to a different site, enter the consumer secret again. The stored secret is sent only to {origin}.',
  },
  secret_needs_token_endpoint: {
    ja: '先に「トークンエンドポイントURL」を入力してください。秘密は、そのサイトにだけ送信するものとして保存されます。',
    en: 'Enter "Token Endpoint URL" first. The secret is stored so that it is sent only to that site.',
  },
  url_needs_protocol_security_off: {
    ja: 'http:// のサイトを登録するには「プロトコルセキュリティの無効化」を選択してください。',
    en: 'To register an http:// site, select "Disable Protocol Security".',
  },
  address_range_malformed: {
    ja: '「{range}」はアドレス範囲ではありません。10.1.0.0/16、fd12::/64 のように CIDR で入力してください。',
    en: '"{range}" is not an address range. Enter it in CIDR notation, such as 10.1.0.0/16 or fd12::/64.',
  },
  address_range_public: {
    ja: '「{range}」はインターネットのアドレスのため、許可しなくても呼び出せます。入力は不要です。',
    en: '"{range}" is on the public internet and can be called without being allowed. You do not need to enter it.',
  },
  address_range_closed: {
    ja: '「{range}」は許可できません。許可できるのは 10.0.0.0/8、172.16.0.0/12、192.168.0.0/16、100.64.0.0/10、198.18.0.0/15、fc00::/7、64:ff9b:1::/48 の中の範囲だけで、クラウドのメタデータのアドレスは除きます。',
    en: '"{range}" cannot be allowed. Only ranges within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 198.18.0.0/15, fc00::/7 and 64:ff9b:1::/48 can be allowed, except for cloud metadata addresses.',
  },
  suffix_malformed: {
    ja: 'URL接尾辞には半角の英数字と _ だけを使用できます。先頭は英字とし、_ を続けたり末尾に置いたりすることはできません。',
    en: 'A URL suffix can contain only letters, digits and _. It must begin with a letter and cannot contain consecutive _ or end with _.',
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
    en: 'The connect timeout cannot exceed the total timeout.',
  },
  choice_invalid: { ja: '選択肢から選んでください。', en: 'Choose one of the options.' },
  date_invalid: {
    ja: '日付は 2027/05/20 または 2027-05-20 の形式で入力してください。',
    en: 'Enter the date as 2027-05-20.',
  },
  scope_malformed: {
    ja: '範囲は半角の文字を空白で区切って入力してください。',
    en: 'Enter scopes in ASCII characters, separated by spaces.',
  },
  username_malformed: {
    ja: 'メールアドレスの形式（例：taro@example.com）で入力してください。',
    en: 'Enter it in email format, such as taro@example.com.',
  },
  username_taken: {
    ja: 'このSalesforceアカウントは既に使用されています。',
    en: 'This Salesforce account is already in use.',
  },
  salesforce_id_malformed: {
    ja: '15文字または18文字のSalesforce IDを入力してください。',
    en: 'Enter a 15- or 18-character Salesforce ID.',
  },
  salesforce_id_taken: { ja: 'このSalesforce IDは既に使用されています。', en: 'This Salesforce ID is already in use.' },
  password_too_short: { ja: 'パスワードは{min}文字以上にしてください。', en: 'Use at least {min} characters.' },
  password_wrong: { ja: '現在のパスワードが違います。', en: 'The current password is wrong.' },
  password_same: {
    ja: '現在と異なるパスワードにしてください。',
    en: 'Choose a password that is different from the current one.',
  },
  password_like_username: {
    ja: 'Salesforceアカウントと同じパスワードは使用できません。',
    en: 'The password cannot be the same as the Salesforce account.',
  },
  account_unknown: {
    ja: 'このSalesforceアカウントは存在しません。先に「利用者」で登録してください。',
    en: 'This Salesforce account does not exist. Register it under Users first.',
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
    en: 'Some characters cannot be read. Type them again and save the file as "CSV UTF-8".',
  },
  csv_cells_missing: {
    ja: '列が足りません（{expected}列のところ{given}列）。区切り文字を確認してください。',
    en: 'There are too few columns ({given} instead of {expected}). Check the separators.',
  },
  csv_cells_extra: {
    ja: '列が多すぎます（{expected}列のところ{given}列）。区切り文字や " を確認してください。',
    en: 'There are too many columns ({given} instead of {expected}). Check the separators and quotes (").',
  },
  csv_username_repeated: {
    ja: 'このSalesforceアカウントは{lines}行目に重複しています。1行だけ残してください。',
    en: 'This Salesforce account is repeated in rows {lines}. Keep only one of them.',
  },
  csv_upn_repeated: {
    ja: 'このMicrosoft365アカウントは{lines}行目に重複しています。1行だけ残してください。',
    en: 'This Microsoft 365 account is repeated in rows {lines}. Keep only one of them.',
  },
  csv_account_unknown: {
    ja: 'このSalesforceアカウントは存在しません。先に「利用者」で登録するか、「存在しない利用者を作成する」を選択してください。',
    en: 'This Salesforce account does not exist. Register it under Users first, or select "Create users that do not exist".',
  },
  csv_match_none: {
    ja: '対応する利用者がありません。ユーザー プリンシパル名またはメールアドレスと等しいSalesforceアカウントも、等しい表示名もありません。',
    en: 'There is no matching user. No Salesforce account is the same as the user principal name or email address, and no display name is the same.',
  },
  csv_match_inactive: {
    ja: '対応する利用者は無効です。「利用者」で有効にしてから、もう一度取り込んでください。',
    en: 'The matching user is inactive. Activate the user under Users, then import again.',
  },
  csv_match_ambiguous: {
    ja: '利用者を1人に特定できません。同じ利用者に対応する行、または同じ表示名の利用者が、ほかにもあります。「アカウント情報」で個別に登録してください。',
    en: 'The user cannot be identified. Other rows match the same user, or other users have the same display name. Register this one individually under Account links.',
  },
  csv_role_unknown: {
    ja: '役割には「一般ユーザ」または「管理者」と入力してください。',
    en: 'Enter "User" or "Administrator" for the role.',
  },
  csv_active_unknown: {
    ja: '有効には TRUE または FALSE と入力してください。',
    en: 'Enter TRUE or FALSE for Active.',
  },
  csv_last_admin: {
    ja: '有効な管理者がいなくなります。管理者を1人以上残してください。',
    en: 'There would be no active administrators. Keep at least one.',
  },
  csv_own_account: {
    ja: '自分自身の役割と有効は、ファイルでは変更できません。この行を元の値に戻してください。',
    en: 'You cannot change your own role or active status with a file. Change this row back to its original values.',
  },
  csv_count_differs: {
    ja: '削除される件数（{count}）を入力してください。',
    en: 'Enter the number of rows that will be deleted ({count}).',
  },
} as const satisfies Record<string, Text>;

export type FieldErrorCode = keyof typeof fieldErrors;

/** Warnings for an administrator who saved something that is well-formed but may be wrong. */
export const warnings = {
  suffix_unknown: {
    ja: 'この接尾辞の認証プロバイダはまだありません。「認証プロバイダ」で作成してください。',
    en: 'There is no auth. provider with this suffix yet. Create it under Auth. Providers.',
  },
  suffix_other: {
    ja: 'この接尾辞の認証プロバイダはありません。登録されている接尾辞：{suffixes}。別の認証プロバイダを使用する場合は、「認証プロバイダ」で作成してください。',
    en: 'There is no auth. provider with this suffix. Registered suffixes: {suffixes}. To use another auth. provider, create it under Auth. Providers.',
  },
  suffix_unfinished: {
    ja: 'この接尾辞の認証プロバイダは未完成です。「認証プロバイダ」で残りの項目を入力して保存するまで、使用されません。',
    en: 'The auth. provider with this suffix is unfinished. It will not be used until you fill in the remaining fields under Auth. Providers and save them.',
  },
  provider_unfinished: {
    ja: 'この認証プロバイダは未完成です。残りの項目を入力して保存するまで、使用されません。',
    en: 'This auth. provider is unfinished. It will not be used until you fill in the remaining fields and save it.',
  },
  origin_not_registered: {
    ja: '{origin} はリモートサイトに登録されていません。登録するまで、この呼び出しはできません。',
    en: '{origin} is not registered as a remote site. It cannot be called until you register it.',
  },
  origin_inactive: {
    ja: '{origin} のリモートサイトは有効ではありません。有効にするまで、この呼び出しはできません。',
    en: 'The remote site for {origin} is not active. It cannot be called until you activate it.',
  },
  origin_protocol_security: {
    ja: '{origin} は http:// のため、「プロトコルセキュリティの無効化」を選択したリモートサイトが必要です。',
    en: '{origin} uses http://. It needs a remote site with "Disable Protocol Security" selected.',
  },
  origin_address_denied: {
    ja: '{origin} は内部ネットワークのアドレスのため、リモートサイトの「許可するアドレス範囲」にない限り呼び出せません。',
    en: '{origin} is an internal network address. It cannot be called unless it is in "Allowed Address Ranges" of its remote site.',
  },
  origin_address_closed: {
    ja: '{origin} は、このマシン、リンクローカル、クラウドのメタデータ、または予約済みのアドレスのため、どの設定でも呼び出せません。',
    en: '{origin} is an address of this machine, of the local link, of cloud metadata, or reserved. No setting allows it to be called.',
  },
  host_not_resolved: {
    ja: '{host} が見つかりません（DNS）。ホスト名に誤りがないか確認してください。',
    en: '{host} was not found (DNS). Check the host name.',
  },
  offline_access_missing: {
    ja: '「デフォルトの範囲」に offline_access がないため、認証を継続できません。',
    en: '"Default Scopes" does not include offline_access, so users cannot stay authorized.',
  },
  mail_scope_missing: {
    ja: '「デフォルトの範囲」に Mail.Read も Mail.ReadBasic もないため、メールを取得できません。',
    en: '"Default Scopes" includes neither Mail.Read nor Mail.ReadBasic, so mail cannot be fetched.',
  },
  preview_scope_missing: {
    ja: '本文のプレビューを表示するには、使用中の認証プロバイダの「デフォルトの範囲」に Mail.Read が必要です（Mail.ReadBasic ではプレビューは表示されません）。',
    en: 'To show a preview of the message body, "Default Scopes" of the auth. provider in use must include Mail.Read (Mail.ReadBasic does not show a preview).',
  },
  tenant_common: {
    ja: 'テナントが common のため、どの会社のアカウントでも、個人用の Microsoft アカウントでも認証できます。自社のアカウントに限るには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is "common", so accounts from any company and personal Microsoft accounts can authorize. To allow only accounts from your company, use the "Directory (tenant) ID".',
  },
  tenant_organizations: {
    ja: 'テナントが organizations のため、どの会社のアカウントでも認証できます。自社のアカウントに限るには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is "organizations", so accounts from any company can authorize. To allow only accounts from your company, use the "Directory (tenant) ID".',
  },
  tenant_consumers: {
    ja: 'テナントが consumers のため、個人用の Microsoft アカウントだけが認証でき、会社のアカウントは認証できません。会社のアカウントには「ディレクトリ (テナント) ID」にしてください。',
    en: 'The tenant is "consumers", so only personal Microsoft accounts can authorize; company accounts cannot. For company accounts, use the "Directory (tenant) ID".',
  },
  tenants_differ: {
    ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントが異なります。',
    en: 'The tenants in "Authorize Endpoint URL" and "Token Endpoint URL" are different.',
  },
  authorize_origin_differs: {
    ja: '{origin} は「トークンエンドポイントURL」と異なるサイトです。利用者はここでサインインします。誤りがないか確認してください。',
    en: '{origin} is a different site from "Token Endpoint URL". Users sign in there, so check that it is correct.',
  },
  authorize_url_plain_http: {
    ja: '「承認エンドポイントURL」が https:// で始まらないため、利用者は認証を開始できません。',
    en: '"Authorize Endpoint URL" does not begin with https://, so users cannot start authorizing.',
  },
  secret_missing: {
    ja: '「コンシューマの秘密」が設定されていません。',
    en: '"Consumer Secret" is not set.',
  },
  mail_url_unusual: {
    ja: 'URLが …/mailFolders/…/messages の形ではないため、未読件数は表示されません。',
    en: 'The URL is not in the form …/mailFolders/…/messages, so the unread count will not be shown.',
  },
} as const satisfies Record<string, Text>;

export type WarningCode = keyof typeof warnings;
