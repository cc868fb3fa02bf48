/** Texts that every feature with data of Microsoft shares. */
export const microsoft = {
  notAuthorized: 'Microsoft 365 と連携しましょう',
  authorize: 'Microsoft 365 と認証する',
  authorizeWithOther: '別のアカウントで認証',
  authorizeAgain: 'もう一度認証する',
  notLinkedForAdmin: 'システム管理者に送る文面',
  copyRequest: '文面をコピー',
  request: (username: string) =>
    [
      'Argus の「アカウント情報」に、私の Microsoft365アカウントを登録してください。',
      `Salesforceアカウント：${username}`,
      'Microsoft365アカウント：（会社のメールアドレス）',
    ].join('\n'),
  linkedAccount: '設定されているアカウント',
  authorizedAccount: '認証されているアカウント',
  toAuthorization: '認証設定を開く',
  popup: {
    opening: '認証用のウィンドウを開いています…',
    waiting: (afterwards: string) => `別のウィンドウで認証を続けてください。${afterwards}`,
    blocked: [
      '認証用のウィンドウがブラウザにブロックされました。',
      'アドレスバーのアイコンからこのサイトのポップアップを許可し、もう一度ボタンを押してください。',
    ],
    lost: 'ウィンドウを閉じた場合や、見つからない場合は、もう一度始めてください。',
    startAgain: 'もう一度始める',
    lapsed: '認証が完了しませんでした。もう一度お試しください。',
  },
};
