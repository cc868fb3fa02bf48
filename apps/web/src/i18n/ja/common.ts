import type { Mender } from '@argus/contract/catalogue/entry';
import { menderLabels, stageLabels } from '@argus/contract/catalogue/labels';
import { textsIn } from '@argus/contract/language';

const menders = textsIn(menderLabels, 'ja');

export const common = {
  loading: '読み込み中',
  close: '閉じる',
  cancel: 'キャンセル',
  retry: '再読み込み',
  copy: 'コピー',
  copied: 'コピーしました',
  copyFailed: 'コピーできませんでした',
  justNow: 'たった今',
  yes: 'はい',
  no: 'いいえ',
  none: 'なし',
  opensInNewTab: '新しいタブで開きます',
  kinds: { info: '情報', success: '完了', warning: '警告', error: 'エラー' },
  notifications: '通知',
  errorId: 'エラーID',
  copyForHelpDesk: 'ヘルプデスク用にコピー',
  forAdmins: '管理者向け：原因と対応方法',
  condition: '発生条件',
  place: '確認箇所',
  remedy: '対応方法',
  mender: '対応する人',
  mendersInTurn: (turn: readonly Mender[]) => turn.map((mender) => menders[mender]).join(' → '),
  stages: textsIn(stageLabels, 'ja'),
  openSetting: '設定を開く',
  blockedOrigin: '対象のサイト',
  nearMisses: 'よく似た登録済みのサイト',
  secretExpiresOn: '登録されているコンシューマの秘密の有効期限',
  addThisSite: 'このサイトを追加',
  openCatalogue: 'エラー辞典で見る',
  upstream: '応答の詳細',
  upstreamFields: {
    code: 'エラーコード',
    stage: '段階',
    status: 'HTTPステータス',
    networkCode: 'ネットワークのエラー',
    oauthError: 'OAuthのエラー',
    aadstsCodes: 'AADSTS',
    graphCodes: 'Graphのエラー',
    traceId: 'Trace ID',
    correlationId: 'Correlation ID',
    requestId: 'request-id',
    clientRequestId: 'client-request-id',
  },
  faults: {
    offline: ['オフラインです。', 'ネットワークへの接続を確認してください。'],
    noAnswer: ['Argus に接続できません。', '時間を置いてから、もう一度お試しください。'],
    foreignAnswer: [
      'Argus から正しい応答がありません。',
      '時間を置いてから、もう一度お試しください。続く場合はシステム管理者に連絡してください。',
    ],
    fault: [
      '画面の表示中に問題が発生しました。',
      'ページを再読み込みしてください。続く場合はシステム管理者に連絡してください。',
    ],
  },
};
