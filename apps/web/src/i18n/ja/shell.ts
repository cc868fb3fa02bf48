export const shell = {
  pageTitle: (page: string) => `${page} | Argus`,
  skipToMain: '本文へ移動',
  mainNavigation: 'メインメニュー',
  language: '言語',
  accountMenu: 'アカウントメニュー：',
  roles: { user: '一般ユーザ', admin: '管理者' },
  signOut: 'サインアウト',
  notFound: 'ページが見つかりません',
  notFoundText: 'アドレスに誤りがあるか、ページが移動された可能性があります。',
  goHome: 'ホームへ戻る',
  adminsOnly: 'このページを表示できるのは管理者だけです',
  adminsOnlyText: '必要な場合は、システム管理者に依頼してください。',
  reload: 'ページを再読み込み',
  sessionEnded: 'もう一度サインインしてください',
  sessionEndedText: 'セッションが終了しました。サインインすると、入力中の内容のまま続けられます。',
  signedOutElsewhere: '別のタブでサインアウトしました。続けるには、もう一度サインインしてください。',
  leaveTitle: '変更は保存されていません',
  leaveText: 'このページから移動すると、入力した内容は失われます。',
  leave: '保存せずに移動',
  stay: 'このページに留まる',
  admin: {
    navigation: '管理者メニュー',
    groups: { connection: '接続', people: 'アカウント', records: '診断と記録' },
  },
  notices: {
    title: '対応が必要なこと',
    putOff: '30日後に再通知',
    everybodyStopped: 'いま、すべての利用者がメールを取得できません。',
    stops: {
      provider_missing: '基本設定の「認証プロバイダURL接尾辞」に該当する認証プロバイダがありません。',
      secret_missing: '使用中の認証プロバイダに、コンシューマの秘密が設定されていません。',
      secret_expired: '使用中の認証プロバイダの、コンシューマの秘密の期限が切れています。',
      token_site: 'トークンエンドポイントURLのサイトが、有効なリモートサイトとして登録されていません。',
      mail_site: 'メールのURLのサイトが、有効なリモートサイトとして登録されていません。',
    },
    mend: '対応する場所を開く',
    secretExpiring: (provider: string, date: string, days: string) =>
      `認証プロバイダ「${provider}」のコンシューマの秘密は、${date}に期限が切れます（残り${days}日）。`,
    secretLastDay: (provider: string, date: string) =>
      `認証プロバイダ「${provider}」のコンシューマの秘密は、本日（${date}）が期限です。`,
    secretExpired: (provider: string, date: string) =>
      `認証プロバイダ「${provider}」のコンシューマの秘密は、${date}に期限が切れました。新しい秘密を登録してください。`,
    renewSecret: 'コンシューマの秘密を更新',
    secretDatePassed: (provider: string, date: string, when: string) =>
      `認証プロバイダ「${provider}」に入力されたコンシューマの秘密の期限（${date}）は過ぎていますが、${when} にメールを取得できています。入力された期限を確認してください。`,
    correctDate: '期限を確認',
    noSuccess: (hours: string) => `${hours}時間、メールを1件も取得できていません。`,
    usersWithoutSuccess: (users: string) => `メールの取得に失敗し続けている利用者が${users}人います。`,
    signInFailures: (hours: string, failures: string, users: string) =>
      `この${hours}時間に、サインインやパスワードの確認の失敗と拒否が合わせて${failures}回ありました（対象の利用者：${users}人）。パスワードを推測されている可能性があります。`,
    moved: (when: string, who: string, what: string, times: string, advice: string) =>
      `${when} に ${who} が、${what}${times}。心当たりがない場合は、${advice}。`,
    moveBack: 'すぐに元に戻してください',
    lookAtMoves: '監査ログで変更の内容を確認してください',
    movedTimes: (times: string) => `（この7日間に${times}回）`,
    movedFromTo: (thing: string, from: string, to: string) => `${thing}を ${from} から ${to} に変更しました`,
    movedAndBack: (thing: string, to: string) => `${thing}を変更しました。現在は元の ${to} に戻っています`,
    providerInUse: '使用する認証プロバイダ',
    noProvider: 'なし',
    authorizeEndpointOf: (provider: string) => `認証プロバイダ「${provider}」の承認エンドポイントURLのサイト`,
    tokenEndpointOf: (provider: string) => `認証プロバイダ「${provider}」のトークンエンドポイントURLのサイト`,
    mailUrl: '基本設定のURLのサイト',
    openAudit: '監査ログを開く',
    openLog: 'エラーログを開く',
    openUsers: '利用者の一覧を開く',
    jobsDown:
      'ジョブを実行できません。このままでは、利用者の認証の延長と古い記録の削除が行われません。Argus を運用している担当者に、データベースの権限（スキーマ pgboss）とログの確認を依頼してください。',
    clockDiffers: (seconds: string, isAhead: boolean) =>
      `データベースの時計が、Argus のサーバーより${seconds}秒${isAhead ? '進んで' : '遅れて'}います。Argus を運用している担当者に、時刻の同期の確認を依頼してください。`,
    databasePlainText:
      'データベースとの接続が暗号化されていません。Argus を運用している担当者に、DATABASE_URL の sslmode=verify-full の設定を依頼してください。',
    alertsFail: (name: string) => `アラートを「${name}」に送信できていません。`,
    openAlert: '送信先を開く',
    publicUrlDiffers: (publicUrl: string) =>
      `この1日の間に、${publicUrl} 以外のアドレスで Argus の画面が開かれました。そのアドレスではサインインできません。利用者には ${publicUrl} を案内してください。開かれたアドレスは、Argus のログにあります。`,
  },
};
