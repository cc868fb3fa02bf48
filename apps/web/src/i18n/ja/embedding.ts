/** 埋め込み */
export const embedding = {
  title: '埋め込み',
  note: '「新着メール」を、Salesforceや社内ポータルのページに表示します。',
  frameTitle: '新着メール',
  origins: '表示を許可しているサイト',
  nowhere: 'ほかのサイトには表示できません。許可されたサイトが、まだありません。',
  howToAllow:
    '許可するサイトは、Argusを動かす環境変数で指定します。複数ある場合は、空白で区切ります。変更は、Argusの再起動後に有効になります。',
  exampleOrigin: 'https://example.lightning.force.com',
  salesforceOrigins:
    'Salesforceの場合：Lightning Experienceは https://（私のドメイン）.lightning.force.com、Visualforceは https://（私のドメイン）--c.vf.force.com です。VisualforceページをLightningに表示するときは、両方を指定します。',
  needsHttps:
    'このArgusのアドレスはhttpsではないため、ほかのサイトの中ではサインインできません。ARGUS_PUBLIC_URLにhttpsのアドレスを設定してください。',
  snippets: '貼り付ける内容',
  address: 'ポートレットのアドレス',
  places: {
    iframe: { title: '社内ポータルなどのHTMLページ', steps: ['次の内容を、ページのHTMLに貼り付けます。'] },
    lightning: {
      title: 'Salesforce Lightning',
      steps: [
        '設定の「信頼済みURL」に、このArgusのアドレスを登録し、CSPディレクティブの「frame-src」を選択します。',
        'Lightning Webコンポーネントを作成し、HTMLファイルに次の内容を貼り付けます。',
        'コンポーネントを、Lightningアプリケーションビルダーでページに配置します。',
      ],
    },
    visualforce: {
      title: 'Visualforceページ',
      steps: [
        'Visualforceページを作成し、次の内容を貼り付けます。',
        'Lightningで使用するときは、ページの「Lightning Experience、Experience Builderサイト、モバイルアプリケーションで使用可能」を選択します。',
      ],
    },
  },
  preview: 'プレビュー',
  previewNote: '実際のポートレットを、あなたのアカウントで表示します。',
  showPreview: 'プレビューを表示',
  refused: '許可されていないサイトでの表示',
  refusedText:
    '許可されていないサイトでは、ブラウザがポートレットを表示せず、灰色の画面に「接続が拒否されました」のように表示します。Argusにはエラーとして記録されません。次のことを確認してください。',
  refusedChecks: [
    '上の「表示を許可しているサイト」に、そのページのオリジン（https://からホスト名まで）が、完全に一致する形で含まれている。',
    'ページが別のページの中に表示されているときは、外側のページのオリジンも、すべて含まれている。',
    '環境変数を変更した後に、Argusを再起動した。',
    'Salesforceの「信頼済みURL」に、このArgusのアドレスが登録され、有効になっている。',
  ],
};
