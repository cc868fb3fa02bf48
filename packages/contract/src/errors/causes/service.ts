import type { Causes } from '../entry.ts';
import { neverServedStatuses, serviceErrorNames, serviceNumbers, tenantThrottledNumber } from '../facts.ts';
import { somethingBetween } from '../guide-rows.ts';
import { failedWith, itsStatus, told } from '../messages.ts';
import { adminMenu, argusAuthProvider, microsoft365Health } from '../places.ts';

/** Faults and limits of Microsoft's own sign-in service, independent of configuration and grant. */
export const serviceCauses = {
  request_loop: {
    match: [{ call: 'token', aadsts: [50196] }],
    says: {
      ja: '同じ要求が続いたため、一時的に拒否されました。',
      en: 'The same request was repeated too often and was temporarily refused.',
    },
    retry: 'later',
    transient: true,
    ofOneGrant: true,
    guide: [
      {
        condition: {
          ja: '短い時間に同じ要求が繰り返された場合。',
          en: 'The same request was repeated within a short time.',
        },
        remedy: {
          ja: 'しばらく待ってください。続く場合は、同じコンシューマ鍵を使う別のシステムがないか確認してください。',
          en: 'Wait a while. If the problem continues, check whether another system uses the same consumer key.',
        },
        menders: ['portal_admin'],
      },
    ],
  },
  sign_in_service_unavailable: {
    match: [
      { call: 'token', aadsts: serviceNumbers },
      { call: 'token', oauth: serviceErrorNames },
    ],
    says: {
      ja: 'Microsoft 365 のサインインを一時的に利用できません。',
      en: 'Microsoft 365 sign-in is temporarily unavailable.',
    },
    retry: 'later',
    transient: true,
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 のサインインのサービスに障害がある場合。',
          en: 'There is an outage in the Microsoft 365 sign-in service.',
        },
        place: microsoft365Health,
        remedy: {
          ja: 'しばらく待ってください。続く場合は「Microsoft 365 管理センター > 正常性 > サービス正常性」を確認し、応答の Trace ID、Correlation ID、日時を添えて Microsoft サポートに連絡してください。',
          en: 'Wait a while. If the problem continues, check Microsoft 365 admin center > Health > Service health, and contact Microsoft support with the Trace ID, Correlation ID and time of the response.',
        },
        menders: ['microsoft'],
      },
    ],
  },
} as const satisfies Causes;

/** What any call may answer: a limit, a fault of its own, or something uncatalogued. */
export const answerCauses = {
  throttled: {
    match: [
      { call: 'token', status: [429] },
      { call: 'token', aadsts: [tenantThrottledNumber] },
      { call: 'token', oauth: serviceErrorNames, status: [429] },
      { call: 'identity', status: [429] },
      { call: 'graph', status: [429] },
      { call: 'graph', graph: ['ApplicationThrottled', 'TooManyRequests', 'activityLimitReached', 'throttledRequest'] },
      { call: 'graph', graph: ['UnknownError'], status: [429] },
    ],
    retry: 'later',
    transient: true,
    pausesCalls: true,
    message: (words) =>
      failedWith(words, {
        ja: `エラー：429 要求が多すぎます。${words.later.ja}`,
        en: `Error: 429 Too many requests. ${words.later.en}`,
      }),
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 が要求の数を制限した場合。',
          en: 'Microsoft 365 limited the number of requests.',
        },
        remedy: {
          ja: 'お待ちください。表示された時間が過ぎると、自動で再開します。',
          en: 'Please wait. It resumes automatically after the time shown.',
        },
        menders: ['microsoft'],
      },
    ],
  },
  upstream_error: {
    match: [
      { call: 'token', status: '5xx' },
      { call: 'token', aadsts: serviceNumbers, status: '5xx' },
      { call: 'token', oauth: serviceErrorNames, status: '5xx' },
      { call: 'identity', status: '5xx' },
      { call: 'graph', status: '5xx' },
      {
        call: 'graph',
        graph: [
          'GatewayTimeout',
          'serviceNotAvailable',
          'ServiceUnavailable',
          'generalException',
          'InternalServerError',
          'ErrorInternalServerError',
          'ErrorInternalServerTransientError',
        ],
      },
      { call: 'graph', graph: ['UnknownError'], status: '5xx' },
    ],
    retry: 'later',
    status: 502,
    transient: true,
    message: (words) => failedWith(words, told(itsStatus)),
    guide: (words) => [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'An error occurred in Microsoft 365.' },
        remedy: {
          ja: `しばらく${words.later.ja}続く場合は Microsoft 365 のサービス正常性を確認してください。`,
          en: `${words.later.en} If the problem continues, check the Microsoft 365 service health.`,
        },
        menders: ['microsoft'],
      },
    ],
  },
  rejected: {
    match: [
      { call: 'token', status: neverServedStatuses },
      { call: 'graph', status: neverServedStatuses },
    ],
    catchesAll: ['token', 'graph'],
    retry: 'no',
    ofOneGrant: true,
    says: itsStatus,
    guide: ({ data }) => [
      {
        condition: {
          ja: `${data.ja}サーバが要求を受け付けなかった場合（カタログにない応答）。`,
          en: `The ${data.en} server refused the request (a response not in the catalogue).`,
        },
        place: adminMenu,
        remedy: {
          ja: '応答のエラーコードを確認し、管理者メニューの「URL」を見直してください。',
          en: 'Check the error code in the response, then review "URL" in the admin menu.',
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
        refutedBy: ['met_at_token_endpoint'],
        unlikelyWith: ['mail_path_standard', 'answered_in_between'],
      },
      {
        condition: {
          ja: 'トークンエンドポイントが要求を受け付けなかった場合（カタログにない応答）。',
          en: 'The token endpoint refused the request (a response not in the catalogue).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '応答のエラーコードを確認し、認証プロバイダの「トークンエンドポイントURL」を見直してください。',
          en: 'Check the error code in the response, then review "Token Endpoint URL" of the auth. provider.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
        refutedBy: ['met_at_graph'],
        unlikelyWith: ['answered_in_between'],
      },
      somethingBetween,
    ],
  },
} as const satisfies Causes;
