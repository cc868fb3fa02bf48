import type { Mender, Retry } from '@argus/contract/catalogue/entry';
import { areaLabels, menderLabels, stageLabels } from '@argus/contract/catalogue/labels';
import { textsIn } from '@argus/contract/language';

const menders = textsIn(menderLabels, 'ja');

const retries: Readonly<Record<Retry, string>> = {
  no: '原因を取り除くまで、もう一度試しても同じ結果になります。',
  now: 'すぐに、もう一度試すことができます。',
  later: '時間を置いてから、もう一度試してください。',
  after_reconnect: '原因を取り除くか、利用者がもう一度認証すると、解消します。',
};

/** What differs from case to case in a message. */
const placeholders: Readonly<Record<string, string>> = {
  status: '状態コード',
  reason: '状態の説明',
  linkedAccount: '設定されたアカウント',
  authorizedAccount: '認証されたアカウント',
  username: '利用者',
  name: '名前',
  suffix: 'URL接尾辞',
  expiresOn: '有効期限',
  days: '日数',
  host: '接続先',
  limitMegabytes: '上限のMB数',
};

/** エラー辞典 */
export const catalogue = {
  title: 'エラー辞典',
  note: 'Argusに表示されるすべてのエラーの、原因と対応方法です。',
  caption: 'エラーの一覧',
  search: 'エラー辞典を検索',
  searchPlaceholder: 'メッセージ、コード、エラーID',
  searchHelp:
    'AADSTS番号でも検索できます。ヘルプデスク用のテキストや、Microsoftのエラーの全文をそのまま貼り付けることもできます。',
  area: '場面',
  allAreas: 'すべての場面',
  areas: textsIn(areaLabels, 'ja'),
  mender: '対応する人',
  allMenders: 'すべて',
  menders,
  mendersInTurn: (turn: readonly Mender[]) => turn.map((mender) => menders[mender]).join(' → '),
  stage: '段階',
  stages: textsIn(stageLabels, 'ja'),
  message: '表示されるメッセージ',
  matches: '見分ける値',
  otherCauses: (count: number) => `ほかに考えられる原因：${count}件`,
  moreMatches: (count: number) => `ほか${count}個`,
  seen: '直近30日',
  seenCounts: (events: string, users: string) => `${events}件 · ${users}人`,
  seenEvents: (events: string) => `${events}件`,
  notSeen: 'なし',
  count: (count: string) => `${count}件のエラー`,
  more: (count: string) => `ほか${count}件を表示`,
  placeholder: (name: string) => `〔${name}〕`,
  placeholders,
  onMicrosoftPage: 'Microsoftの画面に表示されるエラー',
  onMicrosoftPageText:
    'このエラーはMicrosoftのサインイン画面に表示され、Argusには戻りません。そのため、エラーログには記録されません。',
  foundEvent: (errorId: string) => `エラーID ${errorId} の記録`,
  occurredAt: '発生日時',
  user: '利用者',
  nobody: 'サインイン前',
  openEvent: 'エラーログで見る',
  diagnose: '接続診断',
  openEntry: 'このエラーの説明',
  unknownErrorId: (errorId: string) => `エラーID ${errorId} の記録は見つかりません。`,
  unknownErrorIdText: 'IDに誤りがないか確認してください。保存期間を過ぎた記録は削除されています。',
  noMatch: '一致するエラーはありません。',
  noMatchText: '番号だけ、または短い言葉で検索してください。',
  nothingWrong: 'このテキストは、問題が見つからなかった確認の結果です。',
  copyLink: 'リンクをコピー',
  shown: '画面に表示される内容',
  shownOnMicrosoftPage: 'Microsoftの画面に表示される内容（要旨）',
  facts: '分類',
  code: 'エラーコード',
  row: 'エラー表の行',
  status: 'Argusの応答のHTTPステータス',
  retry: '再試行',
  retries,
  causes: '原因と対応方法',
  causeOf: (position: number) => `原因 ${position}`,
  matchesHelp: 'Microsoftやネットワークから次の値が返ったとき、このエラーと判断します。',
  noMatches: 'Argus自身が検出します。',
  seenTitle: '直近30日の発生状況',
  lastSeen: '最後',
  openEvents: 'エラーログで一覧を見る',
  neverSeen: '直近30日間は発生していません。',
};
