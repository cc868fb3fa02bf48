import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';

const states: Readonly<Record<AuthorizationState, string>> = {
  authorized: '認証済み',
  not_authorized: '未認証',
  mismatch: 'アカウント不一致',
  reconnect_needed: '再認証が必要',
  not_linked: '紐づけなし',
};

/** アカウント情報 */
export const links = {
  title: 'アカウント情報',
  note: 'SalesforceアカウントとMicrosoft365アカウントの紐づけです。',
  caption: 'アカウント情報の一覧',
  create: '紐づけを追加',
  search: 'ユーザ名・アカウントの一部で検索',
  displayName: 'ユーザ名',
  username: 'Salesforceアカウント',
  microsoftAccount: 'Microsoft365アカウント',
  state: '認証状況',
  lastSuccess: '最終成功',
  lastError: '最終取得エラー',
  never: 'なし',
  states,
  inactive: '無効な利用者',
  signedInAs: (account: string) => `認証されたアカウント：${account}`,
  hints: {
    case_differs: '大文字と小文字だけがMicrosoft 365と異なります',
    upn_renamed: 'Microsoft 365でアカウント名が変更されています',
    link_changed: '認証のあとに紐づけが変更されました。次のメール取得時に照合します',
    account_recreated:
      '同じ名前の別のアカウントで認証されました。Microsoft 365で削除され、作り直された可能性があります',
  },
  bulk: {
    remove: (count: number) => `${count}件の紐づけを削除`,
    removeTitle: '選択した紐づけを削除する',
    removeText: (count: number) => `${count}件の紐づけを削除します。`,
    removeEffect:
      '利用者は、新着メールを表示できなくなります。削除した直後は元に戻すことができ、認証も再び有効になります。',
    undo: '元に戻す',
  },
  accept: 'このアカウントとして認め直す',
  acceptText: (username: string, microsoftAccount: string) =>
    `${username} の紐づけ ${microsoftAccount} を、作り直されたアカウントで認証できるようにします。`,
  acceptEffect:
    'Microsoft Entra の管理者に、このアカウントが本人のために作り直されたことを確認してから実行してください。利用者には、もう一度認証してもらいます。',
  accepted: '認め直しました。利用者に、もう一度認証してもらってください。',
  openErrors: 'この利用者のエラーログ',
  revoke: '認証の取消',
  empty: '紐づけがありません。',
  emptyText: '「紐づけを追加」から、SalesforceアカウントとMicrosoft365アカウントを紐づけてください。',
  newTitle: '紐づけの追加',
  editTitle: '紐づけの編集',
  usernameHelp: 'ログインに使用するアカウントです。入力すると候補が表示されます。',
  microsoftAccountHelp: 'Microsoft 365のユーザー プリンシパル名（UPN）です。例：taro@contoso.com',
  useAuthorized: 'この表記を使う',
  editEffect: '別のアカウントに変更すると、現在の認証は保留され、メールは表示されなくなります。元に戻すと再開します。',
  created: '紐づけを追加しました。',
  changed: '紐づけを変更しました。',
  removeTitle: '紐づけの削除',
  removeText: (username: string, microsoftAccount: string) =>
    `${username} と ${microsoftAccount} の紐づけを削除します。`,
  removeEffect: 'この利用者の新着ポートレットには、メールが表示されなくなります。',
  removed: '紐づけを削除しました。',
  revokeText: (username: string) => `${username} の認証を取り消します。`,
  revokeEffect:
    '保存されている認証の情報と、表示中のメールをすぐに削除します。利用者は、もう一度認証が必要になります。',
  revoked: '認証を取り消しました。',
};
