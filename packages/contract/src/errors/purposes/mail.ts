import { secretCauses } from '../causes/client.ts';
import { connectionCauses } from '../causes/connection.ts';
import { graphCauses } from '../causes/graph.ts';
import { proxyCauses } from '../causes/proxy.ts';
import { refreshCauses } from '../causes/token.ts';
import { inRow, inTable, type PurposeErrors } from '../compose.ts';
import type { Causes } from '../entry.ts';
import { somethingBetween } from '../guide-rows.ts';
import { adminMenu, congestion, entraAppRegistration } from '../places.ts';
import { accountMismatch, mailQueryCauses } from './mail-findings.ts';

/** The rows B1 to B7 of the customer's table. */
const table = {
  timeout: {
    ...graphCauses.timeout,
    row: 'B1',
    guide: [
      {
        row: 'B1',
        condition: congestion,
        remedy: {
          ja: 'しばらく時間を置いてから、画面を再描画（更新）してください。',
          en: 'Wait a while, then refresh the screen.',
        },
        mendAt: '/admin/settings?field=totalTimeoutSeconds',
        menders: ['user'],
      },
    ],
  },
  account_mismatch: accountMismatch,
  provider_not_found: inTable('B3', connectionCauses.provider_not_found),
  not_found: inTable('B4', graphCauses.not_found),
  site_not_registered: inTable('B5', graphCauses.site_not_registered, ['B5b', 'B5']),
  endpoint_unreachable: inTable('B5b', graphCauses.endpoint_unreachable),
  token_site_not_registered: inTable('B6', refreshCauses.token_site_not_registered, ['B6b', 'B6']),
  token_endpoint_unreachable: inTable('B6b', refreshCauses.token_endpoint_unreachable),
  ...inRow('B7', { ...secretCauses, client_rejected: refreshCauses.client_rejected }),
} as const satisfies Causes;

/** Microsoft's other answers, by status, number or code. */
const answers = {
  ...refreshCauses,
  ...graphCauses,
  ...mailQueryCauses,
  access_denied: {
    ...graphCauses.access_denied,
    guide: [
      {
        condition: {
          ja: 'アプリにメールを読む権限（Mail.ReadBasic または Mail.Read）がないか、メールボックスへのアクセスが制限されている場合。',
          en: 'The app lacks the permission to read mail (Mail.ReadBasic or Mail.Read), or access to the mailbox is restricted.',
        },
        place: entraAppRegistration,
        remedy: {
          ja: '「デフォルトの範囲」とアプリの「APIのアクセス許可」に Mail.ReadBasic（本文プレビューを表示する場合は Mail.Read）があることを確認し、利用者にもう一度認証してもらってください。',
          en: 'Check that "Default Scopes" and the "API permissions" of the app include Mail.ReadBasic (Mail.Read to show previews), then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['entra_admin', 'user'],
        unlikelyWith: ['worked_before'],
      },
      {
        condition: {
          ja: '以前は取得できていて、後からアクセスが制限された場合（同意の取り消し、メールボックスのアクセス ポリシーなど）。',
          en: 'It worked before, but access was restricted later (for example, consent was withdrawn or a mailbox access policy was applied).',
        },
        place: entraAppRegistration,
        remedy: {
          ja: 'Microsoft Entra の管理者に、アプリへの同意が残っていることを、Exchange の管理者に、アプリのアクセス ポリシーを確認してもらってください。',
          en: 'Ask a Microsoft Entra administrator to check that consent for the app is still in place, and an Exchange administrator to check the application access policies.',
        },
        menders: ['entra_admin'],
      },
      somethingBetween,
    ],
  },
  throttled: {
    ...graphCauses.throttled,
    message: {
      ja: [
        'メールの取得に失敗しました。',
        'Microsoft 365 が混み合っています。表示された時間を置いてから、再度読み込みを行ってください。',
        'エラー：429 要求が多すぎます。',
      ],
      en: [
        'Mail could not be fetched.',
        'Microsoft 365 is busy. Refresh after the time shown.',
        'Error: 429 Too many requests.',
      ],
    },
    guide: [
      ...graphCauses.throttled.guide,
      {
        condition: {
          ja: '自動更新の間隔が短く、要求が多すぎる場合（繰り返し発生する場合）。',
          en: 'The automatic refresh interval is short, so there are too many requests (if this happens repeatedly).',
        },
        place: adminMenu,
        remedy: {
          ja: '基本設定の「自動更新の間隔」を長くしてください。',
          en: 'Increase "Automatic refresh interval" in Settings.',
        },
        mendAt: '/admin/settings?field=refreshIntervalSeconds',
        menders: ['portal_admin'],
      },
    ],
  },
  upstream_error: { ...graphCauses.upstream_error, retryAfterSeconds: 20 },
} as const satisfies Causes;

/** The portlet 「新着メール」 refreshes. */
export const mail = {
  purpose: 'mail',
  calls: ['token', 'graph'],
  usesGrant: true,
  words: {
    failed: { ja: 'メールの取得に失敗しました。', en: 'Mail could not be fetched.' },
    again: { ja: 'もう一度、認証してください。', en: 'Connect again.' },
    later: { ja: '時間を置いてから、再度読み込みを行ってください。', en: 'Wait a while, then refresh.' },
    timedOut: { ja: 'メール取得実行時にタイムアウトが発生しました。', en: 'Fetching mail timed out.' },
    data: { ja: 'メール', en: 'mail' },
    shown: { ja: '新着メール', en: 'your new mail' },
  },
  causes: {
    ...connectionCauses,
    ...inRow('B-status', answers),
    ...table,
    claims_challenge: graphCauses.claims_challenge,
    ...proxyCauses,
  },
} as const satisfies PurposeErrors;
