import { doctorStateNames, doctorStepNames } from '@argus/contract/doctor-labels';
import type { DoctorFactName, DoctorReason, DoctorRunView, DoctorStepId } from '@argus/contract/endpoints/diagnosis';
import { textsIn } from '@argus/contract/language';

const groups = {
  settings: '設定',
  sites: 'リモートサイト',
  network: 'ネットワーク',
  entra: 'Microsoft Entra',
  user: '利用者の認証',
  mail: 'メール',
};

/** What each step checks. */
const checks: Readonly<Record<DoctorStepId, string>> = {
  suffix: '基本設定に「認証プロバイダURL接尾辞」が入力されていること。',
  provider: '認証プロバイダURL接尾辞に対応する認証プロバイダがあること。',
  authorize_url:
    '利用者のブラウザが開くURLを、承認エンドポイントURL、コンシューマ鍵、デフォルトの範囲（offline_accessを含む）から組み立てられること。',
  token_site: 'トークンエンドポイントURLのサイトが、有効なリモートサイトに登録されていること。',
  mail_site: '基本設定の「URL」のサイトが、有効なリモートサイトに登録されていること。',
  token_dns:
    'トークンエンドポイントのホスト名から、呼び出してよいアドレスが得られること。プロキシがある場合は、プロキシが接続を開くこと。',
  token_tls: 'トークンエンドポイントに接続でき、サーバ証明書が有効であること。',
  mail_dns:
    'メールの取得先のホスト名から、呼び出してよいアドレスが得られること。プロキシがある場合は、プロキシが接続を開くこと。',
  mail_tls: 'メールの取得先に接続でき、サーバ証明書が有効であること。',
  token_endpoint: 'トークンエンドポイントURLが、トークンエンドポイントとして応答すること。',
  client_secret: 'コンシューマ鍵とコンシューマの秘密が、Microsoft Entraに受け入れられること。',
  link: 'この利用者のMicrosoft365アカウントが、アカウント情報に登録されていること。',
  grant: 'この利用者の認証が保存されていること。',
  refresh: '保存されている認証で、新しいアクセストークンを得られること。',
  identity: 'どのアカウントで認証されているかを、Microsoft 365に確認できること。',
  account_match: '認証されたアカウントが、アカウント情報のMicrosoft365アカウントと一致すること。',
  mailbox: 'この利用者のメールボックスが応答すること。',
  messages: '基本設定の「URL」からメールを取得できること。件数だけを確認し、メールの内容は表示も保存もしません。',
};

const reasons: Readonly<Record<DoctorReason, string>> = {
  no_user: '利用者を選んでいないため、確認していません。',
  suspended: '接続先が別のサイトに変更され、この利用者の認証が停止されているため、確認できません。',
  changed_meanwhile:
    '診断中に、利用者・紐づけ・認証・設定のいずれかが変更されたため、確認を中止しました。もう一度診断してください。',
  no_grant: 'この利用者の有効な認証がないため、確認できません。利用者が認証した後に、もう一度診断してください。',
  shared_tenant:
    'トークンエンドポイントURLが共有のテナント（/common など）のため、利用者の認証がないと確認できません。認証済みの利用者を選んで診断してください。',
  reply_inconclusive: '応答の内容からは判断できませんでした。',
  plain_http: 'http:// のURLのため、サーバ証明書はありません。通信の内容は暗号化されません。',
  outbound_proxy: 'この名前はプロキシが解決します。プロキシ経由の接続はできました。',
  no_folder: '基本設定の「URL」が …/mailFolders/…/messages の形ではないため、確認するフォルダがありません。',
  no_graph: '基本設定の「URL」がMicrosoft Graphのものではないため、確認できません。',
  out_of_time: '全体のタイムアウトまでに、ここまで進みませんでした。',
};

const facts: Readonly<Record<DoctorFactName, string>> = {
  suffix: '認証プロバイダURL接尾辞',
  provider: '認証プロバイダ',
  authorizeUrl: '承認エンドポイントURL',
  origin: '呼び出し先',
  siteName: 'リモートサイト',
  address: 'IPアドレス',
  proxy: 'プロキシ',
  validUntil: '証明書の有効期限',
  certificateIssuer: '証明書の発行者',
  status: 'HTTPステータス',
  evidence: '判断の根拠',
  tokenExpiresAt: 'アクセストークンの期限',
  linkedAccount: '管理者が設定したアカウント',
  authorizedAccount: '認証されたアカウント',
  authorizedAt: '認証した日時',
  tenantId: 'テナントID',
  objectId: 'オブジェクトID',
  messageCount: '取得した件数',
  requestId: 'request-id',
  clientRequestId: 'client-request-id',
  traceId: 'Trace ID',
  correlationId: 'Correlation ID',
};

/** The evidence of a step, where the value is a code. */
const evidence: Readonly<Record<string, string>> = {
  client_credentials: 'client_credentialsによる確認',
  refresh_token: '利用者の認証の更新',
  id_token: 'IDトークン',
  me: 'Microsoft Graphの /me',
};

const runStates: Readonly<Record<DoctorRunView['state'], string>> = {
  running: '診断中',
  ended: '終了',
  interrupted: '中断',
};

/** 接続診断 */
export const doctor = {
  title: '接続診断',
  note: '設定からメールの取得までを順に確かめ、どこに問題があるかを示します。メールの内容は表示も保存もしません。',
  start: {
    username: '診断する利用者',
    usernameHelp: 'ユーザ名またはSalesforceアカウントの先頭を入力すると、候補が表示されます。',
    usernameMissing: '利用者を入力してください。利用者を選ばずに診断することもできます。',
    unknown: 'この利用者は見つかりません。候補から選択してください。',
    diagnose: '診断を開始',
    starting: '診断を開始しています…',
    joined: '実行中の診断を表示しています。',
    withoutUser: '利用者を選ばずに診断',
    withoutUserHelp: '利用者を選ばない場合は、設定・リモートサイト・ネットワーク・Microsoft Entraだけを確認します。',
  },
  saved: {
    running: '保存しました。接続を確認しています…',
    well: '保存しました。接続の確認で、問題は見つかりませんでした。',
    rest: '利用者ごとの手順は、接続診断で利用者を選ぶと確認できます。',
    failed: (step: string) => `保存しましたが、接続の確認で問題が見つかりました：${step}`,
    details: '診断結果を開く',
  },
  trial: {
    action: '保存前に確認',
    running: '保存せずに、この内容で接続を確認しています…',
    well: 'この内容での接続の確認で、問題は見つかりませんでした。まだ保存していません。',
    rest: '利用者ごとの手順は、保存したあとに接続診断で利用者を選ぶと確認できます。',
    failed: (step: string) => `この内容での接続の確認で、問題が見つかりました：${step}。まだ保存していません。`,
  },
  result: {
    title: '診断結果',
    configuration: '設定だけ（利用者なし）',
    of: (username: string) => `対象：${username}`,
    startedAt: '開始',
    startedBy: '実行した人',
    runId: '診断ID',
    progress: (done: number, total: number) => `${total}件の手順のうち、${done}件が終わりました。`,
    progressLabel: '診断しています',
    now: (step: string) => `確認中：${step}`,
    allOk: 'すべての手順に成功しました。',
    noFailure: (unchecked: number) => `失敗した手順はありません。確認していない手順が${unchecked}件あります。`,
    failedAt: (step: string) => `「${step}」で失敗しました。`,
    awaitsUser: (username: string) =>
      `接続の設定に問題はありません。${username} がMicrosoft 365と認証すると、メールを取得できます。`,
    toStep: '手順を見る',
    moreFailures: (count: number) => `ほかに${count}件の手順が失敗しています。最初に失敗した手順から対応してください。`,
    toFailure: '失敗した手順へ',
    interrupted: 'この診断は、Argusの停止などで途中で中断されました。',
    interruptedText: '中断までに確認できた手順だけを示しています。「もう一度診断」を選択してください。',
    interruptedStep: '中断',
    again: 'もう一度診断',
    copy: '診断結果をコピー',
    errorLog: 'この利用者のエラーログ',
    openLink: 'アカウント情報を開く',
    checks: '確認する内容',
    milliseconds: (value: string) => `${value} ミリ秒`,
    seconds: (value: string) => `${value} 秒`,
    latency: '所要時間',
    ended: (summary: string) => `診断が終わりました。${summary}`,
    started: '診断を始めました。',
  },
  latest: {
    title: 'これまでの診断',
    titleOf: (username: string) => `${username} のこれまでの診断`,
    everybody: 'すべての診断を表示',
    empty: '診断の記録はありません。',
    emptyText: '利用者を選んで診断すると、ここに記録されます。',
    startedAt: '開始日時',
    target: '対象',
    result: '結果',
    startedBy: '実行した人',
    noFailure: '失敗なし',
  },
  groups,
  steps: textsIn(doctorStepNames, 'ja'),
  checks,
  states: textsIn(doctorStateNames, 'ja'),
  reasons,
  facts,
  evidence,
  runStates,
};
