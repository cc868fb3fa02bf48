import type { ErrorCode } from '../src/errors/codes.ts';

/** A row of the customer's table: what the user reads, and what the guide tells the administrator. */
export interface CustomerRow {
  readonly row: string;
  /** The errors that show its message. The first one is the row itself; the others are more specific. */
  readonly codes: readonly [ErrorCode, ...ErrorCode[]];
  /** The message, line by line. */
  readonly lines: readonly string[];
  /** 発生条件, 確認箇所 where the guide names one, 対応方法. */
  readonly condition: string;
  readonly place?: string;
  readonly remedy: string;
}

/**
 * The customer's table, word by word. It is copied here on purpose: a test that took what it expects from the catalogue would
 * not notice that the catalogue drifted from the table. The tests of the contract, of the API and of the browser take it from here.
 */
export const customerRows: readonly CustomerRow[] = [
  {
    row: 'A1',
    codes: ['authorization_provider_not_found'],
    lines: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
    condition: '管理者メニューに入力した認証プロバイダ接尾辞に対応する認証プロバイダが設定されていない場合。',
    place: 'Argus 管理者メニュー',
    remedy: 'Argusの管理者メニューから「認証プロバイダURL接尾辞」を設定してください。',
  },
  {
    row: 'A2',
    codes: ['authorization_declined'],
    lines: ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'],
    condition: 'アカウント認証画面で認証を承諾しなかった場合。',
    remedy: '再度認証設定を行い、認証を承諾してください。',
  },
  {
    row: 'A3',
    codes: ['authorization_site_not_registered'],
    lines: [
      '認証に失敗しました。',
      'システム管理者に連絡してください。',
      '・認証プロバイダのトークンエンドポイントURLを確認してください。',
      '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    ],
    condition: 'リモートサイト設定に、認証プロバイダのトークンエンドポイントURLが未登録の場合。',
    place: 'Salesforce リモートサイトの設定',
    remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  },
  {
    row: 'A3b',
    codes: ['authorization_token_endpoint_unreachable'],
    lines: [
      '認証に失敗しました。',
      'システム管理者に連絡してください。',
      '・認証プロバイダのトークンエンドポイントURLを確認してください。',
      '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    ],
    condition: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
  },
  {
    row: 'A4',
    codes: ['authorization_client_rejected', 'authorization_secret_wrong', 'authorization_secret_expired'],
    lines: ['認証に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
    condition: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy:
      'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  },
  {
    row: 'A5',
    codes: ['authorization_token_endpoint_not_found', 'authorization_tenant_not_found'],
    lines: [
      '認証に失敗しました。',
      'システム管理者に連絡してください。',
      'エラー：404 要求されたリソースは存在しません。',
    ],
    condition: '認証プロバイダのトークンエンドポイントURLのリソース先に誤りがある場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認して下さい。',
  },
  {
    row: 'A6',
    codes: ['authorization_timeout'],
    lines: [
      '認証実行にタイムアウトが発生しました。',
      '・時間を置いてから、もう一度認証を実行してください。',
      '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
    ],
    condition:
      '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
    remedy: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
  },
  {
    row: 'B1',
    codes: ['mail_timeout'],
    lines: [
      'メール取得実行時にタイムアウトが発生しました。',
      '・時間を置いてから、再度読み込みを行ってください。',
      '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
    ],
    condition:
      '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
    remedy: 'しばらく時間を置いてから、画面を再描画（更新）してください。',
  },
  {
    row: 'B2',
    codes: ['mail_account_mismatch'],
    lines: [
      'メールの取得に失敗しました。',
      'Argusで設定されているアカウントと異なるアカウントが認証されています。',
      'システム管理者に問い合わせ、認証の取消を実行してください。',
    ],
    condition: '１）ユーザが管理者設定と違うアカウントを認証した場合。２）管理者が違うアカウントを設定した場合。',
    place: 'Argus 管理者メニュー',
    remedy:
      'Argus管理者メニューから現在のアカウント情報をCSV出力を実行し、出力したCSVファイルからMicrosoft365アカウントとSalesforceアカウントの紐づけ情報に誤りがないか確認してください。',
  },
  {
    row: 'B3',
    codes: ['mail_provider_not_found'],
    lines: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
    condition: '管理者メニューに入力した認証プロバイダ接尾辞に誤りがある場合。',
    place: 'Argus 管理者メニュー',
    remedy: 'Argus管理者メニューから「認証プロバイダURL接尾辞」に誤りがないか確認してください。',
  },
  {
    row: 'B4',
    codes: ['mail_not_found'],
    lines: [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      'エラー：404 要求されたリソースは存在しません。',
    ],
    condition: '管理者メニューのエンドポイントURLのリソース先に誤りがある場合。',
    place: 'Argus 管理者メニュー',
    remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
  },
  {
    row: 'B5',
    codes: ['mail_site_not_registered'],
    lines: [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      '・管理者メニューのURLを確認してください。',
      '・リモートサイト設定にURLが登録されていることを確認してください。',
    ],
    condition: 'リモートサイト設定に管理者メニューに設定したエンドポイントURLが登録されていない場合。',
    place: 'Salesforce リモートサイトの設定',
    remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  },
  {
    row: 'B5b',
    codes: ['mail_endpoint_unreachable'],
    lines: [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      '・管理者メニューのURLを確認してください。',
      '・リモートサイト設定にURLが登録されていることを確認してください。',
    ],
    condition: '管理者メニューのエンドポイントURLに誤りがある場合。',
    place: 'Argus 管理者メニュー',
    remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
  },
  {
    row: 'B6',
    codes: ['mail_token_site_not_registered'],
    lines: [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      '・認証プロバイダのトークンエンドポイントURLを確認してください。',
      '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    ],
    condition: 'リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていない場合。',
    place: 'Salesforce リモートサイトの設定',
    remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  },
  {
    row: 'B6b',
    codes: ['mail_token_endpoint_unreachable'],
    lines: [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      '・認証プロバイダのトークンエンドポイントURLを確認してください。',
      '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    ],
    condition: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
  },
  {
    row: 'B7',
    codes: ['mail_client_rejected', 'mail_secret_wrong', 'mail_secret_expired'],
    lines: ['メールの取得に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
    condition: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy:
      'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  },
  {
    row: 'C1',
    codes: ['csv_file_invalid'],
    lines: ['エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。'],
    condition: '取り込みを実行したCSVファイルに不正があった場合。',
    place: '取り込みを実行したCSVファイル',
    remedy:
      'CSVファイルは1行目にヘッダ情報、2行目以降にデータを入力し、1列目の「ユーザ名」列を削除して保存してください。',
  },
];

/** The lines that the customer's table gives for an error; undefined where it has none. */
export function customerLinesOf(code: string): readonly string[] | undefined {
  return customerRows.find(({ codes }) => (codes as readonly string[]).includes(code))?.lines;
}
