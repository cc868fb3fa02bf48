import type { Text } from '../language.ts';

const reasons: Readonly<Record<number, Text>> = {
  400: { ja: '要求が正しくありません。', en: 'Bad request.' },
  401: { ja: '権限がありません。', en: 'Not authorized.' },
  402: { ja: '支払いが必要です。', en: 'Payment required.' },
  403: { ja: 'アクセスが拒否されました。', en: 'Access was denied.' },
  404: { ja: '要求されたリソースは存在しません。', en: 'The requested resource does not exist.' },
  405: { ja: '許可されていないメソッドです。', en: 'Method not allowed.' },
  406: { ja: '受け付けられない形式です。', en: 'Not acceptable.' },
  407: { ja: 'プロキシの認証が必要です。', en: 'Proxy authentication required.' },
  408: { ja: '要求が時間切れになりました。', en: 'The request timed out.' },
  409: { ja: '要求が競合しました。', en: 'Conflict.' },
  410: { ja: '要求されたリソースは削除されました。', en: 'The requested resource is gone.' },
  412: { ja: '前提条件を満たしていません。', en: 'A precondition failed.' },
  413: { ja: '要求が大きすぎます。', en: 'The request is too large.' },
  415: { ja: '対応していない形式です。', en: 'Unsupported media type.' },
  422: { ja: '要求を処理できません。', en: 'The request cannot be processed.' },
  423: { ja: 'リソースがロックされています。', en: 'The resource is locked.' },
  429: { ja: '要求が多すぎます。', en: 'Too many requests.' },
  500: { ja: 'サーバ内部でエラーが発生しました。', en: 'Internal server error.' },
  501: { ja: 'サーバが対応していない要求です。', en: 'Not implemented.' },
  502: { ja: '中継サーバが不正な応答を受け取りました。', en: 'Bad gateway.' },
  503: { ja: 'サービスを一時的に利用できません。', en: 'The service is temporarily unavailable.' },
  504: { ja: '中継サーバが時間切れになりました。', en: 'Gateway timeout.' },
  505: { ja: 'サーバが対応していないHTTPの版です。', en: 'HTTP version not supported.' },
  507: { ja: '容量が不足しています。', en: 'Insufficient storage.' },
  509: { ja: '帯域の上限を超えました。', en: 'The bandwidth limit was exceeded.' },
  511: { ja: 'ネットワークの認証が必要です。', en: 'Network authentication required.' },
};

/** The reason of an upstream HTTP status as a sentence, such as 「403 アクセスが拒否されました。」. */
export function httpStatusReason(status: number): Text {
  const known = reasons[status];
  if (known) return known;
  if (status >= 500) return { ja: 'サーバでエラーが発生しました。', en: 'Server error.' };
  if (status >= 400) return { ja: '要求が受け付けられませんでした。', en: 'The request was refused.' };
  return { ja: '予期しない応答です。', en: 'Unexpected response.' };
}
