import type { Text } from '../../language.ts';
import type { Causes } from '../entry.ts';
import { notSentFaults, timeoutFaults, unreachableFaults, unreadableFaults } from '../facts.ts';
import {
  addressNotAllowed,
  checkSecret,
  mailboxElsewhere,
  mailUrlWrong,
  siteSwitchedOff,
  tokenUrlWrong,
} from '../guide-rows.ts';
import { failedWith, linesOf } from '../messages.ts';
import {
  adminMenu,
  argusAuthProvider,
  checkMailUrl,
  checkRemoteSiteUrl,
  congestion,
  correctTokenEndpointUrl,
  remoteSiteSettings,
  tokenPathWrong,
} from '../places.ts';

/** The lines of A3, A3b, B6 and B6b after what failed. */
const checkTokenSite: readonly Text[] = [
  {
    ja: '・認証プロバイダのトークンエンドポイントURLを確認してください。',
    en: "- Check the auth. provider's token endpoint URL.",
  },
  {
    ja: '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    en: "- Check that the auth. provider's token endpoint URL is registered in the remote site settings.",
  },
];

/** The lines of B5 and B5b after what failed. */
const checkDataSite: readonly Text[] = [
  { ja: '・管理者メニューのURLを確認してください。', en: '- Check the URL in the admin menu.' },
  {
    ja: '・リモートサイト設定にURLが登録されていることを確認してください。',
    en: '- Check that the URL is registered in the remote site settings.',
  },
];

export const timeoutCauses = {
  timeout: {
    match: [
      { call: 'token', network: timeoutFaults },
      { call: 'identity', network: timeoutFaults },
      { call: 'graph', network: timeoutFaults },
    ],
    // A timeout does not mean that the same request will succeed later, so it is not transient.
    retry: 'later',
    status: 504,
    retryAfterSeconds: 20,
    message: ({ timedOut, later }) =>
      linesOf(
        timedOut,
        { ja: `・${later.ja}`, en: `- ${later.en}` },
        {
          ja: '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
          en: '- If you see this screen repeatedly, contact your system administrator.',
        },
      ),
    guide: ({ later }) => [
      {
        condition: congestion,
        remedy: { ja: `しばらく${later.ja}`, en: later.en },
        mendAt: '/admin/settings?field=totalTimeoutSeconds',
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;

/** Network failures on the way to the token endpoint, and answers of an address that is not one. */
export const tokenEndpointCauses = {
  token_site_not_registered: {
    match: [{ call: 'token', network: notSentFaults }],
    retry: 'no',
    aboutRemoteSite: true,
    status: 503,
    message: (words) => failedWith(words, ...checkTokenSite),
    guide: [
      { ...tokenUrlWrong, unlikelyWith: ['site_switched_off'] },
      {
        condition: {
          ja: 'リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていない場合。',
          en: "The auth. provider's token endpoint URL is not registered in the remote site settings.",
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
        refutedBy: ['site_switched_off'],
      },
      siteSwitchedOff,
    ],
  },
  token_endpoint_unreachable: {
    match: [
      { call: 'token', network: unreachableFaults },
      { call: 'token', network: unreadableFaults },
      { call: 'token', malformed: true },
    ],
    retry: 'no',
    message: (words) => failedWith(words, ...checkTokenSite),
    guide: [{ ...tokenUrlWrong, unlikelyWith: ['address_refused'] }, addressNotAllowed],
  },
  client_rejected: {
    match: [
      { call: 'token', oauth: ['invalid_client'] },
      { call: 'token', aadsts: [70002, 50012] },
    ],
    says: { ja: '401 権限がありません。', en: '401 Not authorized.' },
    retry: 'no',
    aboutSecret: true,
    guide: [],
    tableGuide: checkSecret,
  },
  token_endpoint_not_found: {
    match: [{ call: 'token', status: [404] }],
    says: { ja: '404 要求されたリソースは存在しません。', en: '404 The requested resource does not exist.' },
    retry: 'no',
    guide: [
      {
        condition: tokenPathWrong,
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** Network failures on the way to the purpose's data, and replies that are something else. */
export const dataEndpointCauses = {
  site_not_registered: {
    match: [{ call: 'graph', network: notSentFaults }],
    retry: 'no',
    aboutRemoteSite: true,
    status: 503,
    message: (words) => failedWith(words, ...checkDataSite),
    guide: [
      { ...mailUrlWrong, unlikelyWith: ['site_switched_off'] },
      {
        condition: {
          ja: 'リモートサイト設定に管理者メニューに設定したエンドポイントURLが登録されていない場合。',
          en: 'The endpoint URL set in the admin menu is not registered in the remote site settings.',
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
        refutedBy: ['site_switched_off'],
      },
      siteSwitchedOff,
    ],
  },
  endpoint_unreachable: {
    match: [{ call: 'graph', network: unreachableFaults }],
    retry: 'no',
    message: (words) => failedWith(words, ...checkDataSite),
    guide: [{ ...mailUrlWrong, unlikelyWith: ['address_refused'] }, addressNotAllowed],
  },
  not_found: {
    match: [
      { call: 'graph', segmentNotFound: true },
      { call: 'graph', graph: ['BadRequest', 'RequestBroker--ParseUri'], segmentNotFound: true },
      {
        call: 'graph',
        graph: ['BadRequest', 'RequestBroker--ParseUri'],
        status: [400],
        segmentNotFound: true,
      },
      { call: 'graph', graph: ['RequestBroker--ParseUri'] },
      { call: 'graph', graph: ['BadRequest'], status: '4xx', knows: ['mail_path_unusual', 'mail_query_none'] },
      { call: 'graph', status: [404] },
    ],
    says: { ja: '404 要求されたリソースは存在しません。', en: '404 The requested resource does not exist.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '管理者メニューのエンドポイントURLのリソース先に誤りがある場合。',
          en: 'The path of the endpoint URL in the admin menu is wrong.',
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
        unlikelyWith: ['mail_path_standard', 'worked_before'],
      },
      mailboxElsewhere,
    ],
  },
  reply_malformed: {
    match: [
      { call: 'graph', malformed: true },
      { call: 'graph', network: unreadableFaults },
    ],
    says: ({ data }) => ({
      ja: `${data.ja}サーバの応答を読み取れません。`,
      en: `the response from the ${data.en} server cannot be read.`,
    }),
    retry: 'no',
    guide: ({ data }) => [
      {
        condition: {
          ja: `応答が${data.ja}の一覧ではない場合（HTML、転送、途中で切れた応答、大きすぎる応答など）。`,
          en: `The response is not a list of ${data.en} (for example, HTML, a redirect, or a response that is cut off or too large).`,
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
