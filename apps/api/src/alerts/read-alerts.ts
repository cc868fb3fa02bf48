import type { AlertKind } from '@argus/contract/endpoints/alerts';
import type { Notice } from '@argus/contract/endpoints/triage/board';
import type { Stop } from '@argus/contract/endpoints/triage/overview';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Language, Text } from '@argus/contract/language';
import { present } from '@argus/fields/present';
import { readErrorEvents } from '../error-log/records/error-events.ts';
import type { Services } from '../platform/services.ts';
import { causeView } from '../triage/cause-view.ts';
import { knownCode } from '../triage/known-code.ts';
import { readSilenceRule } from '../triage/read-connection.ts';
import { readNotices } from '../triage/read-notices.ts';
import { type ErrorCause, listErrorCauses } from '../triage/records/error-causes.ts';
import { silentAccounts } from '../triage/records/silent-users.ts';
import { trendWindow } from '../triage/trend-window.ts';
import {
  type Ending,
  isOfSilentUsers,
  keyOfCause,
  keyOfSecret,
  keyOfSilentUsers,
  readEndings,
  type ToldCondition,
} from './endings.ts';

/** A condition that administrators should know of, in words. */
export interface Alert {
  /** Names the condition; the same as long as it lasts. */
  readonly key: string;
  readonly kind: AlertKind;
  /** It is told again where this becomes another. */
  readonly level: string;
  /** Its level is a number, and only a greater one is told. */
  readonly grows?: true;
  readonly title: Text;
  readonly lines: readonly Text[];
  /** The page of the admin menu that says more. */
  readonly path: string;
  /** Its last error. */
  readonly errorId: string | null;
  /** How many users it affects; null where that is not the point. */
  readonly users: number | null;
  /** The ids of their accounts, where its end depends on each of them. */
  readonly accounts?: readonly string[];
}

/** How many causes are looked at. */
const mostCauses = 100;

/** What is wrong now, and what became of what no longer is. */
export interface Situation {
  readonly alerts: readonly Alert[];
  endingOf(told: ToldCondition): Ending;
}

/** The notices of the admin menu, and the causes of the error log that are still open. */
export async function readSituation(services: Services): Promise<Situation> {
  const notices = await readNotices(services);
  const found = notices.flatMap(alertsOfNotice);
  const alerts = [
    ...(await Promise.all(found.map((alert) => withAccounts(services, alert)))),
    ...(await causeAlerts(services)),
  ];
  return { alerts, endingOf: await readEndings(services) };
}

/** With whom it is about, where its end depends on each of them. */
async function withAccounts({ db, now }: Services, alert: Alert): Promise<Alert> {
  if (!isOfSilentUsers(alert)) return alert;
  const { providerId, cutoff } = await readSilenceRule(db, now());
  const accounts = providerId === null || cutoff === null ? [] : await silentAccounts(db, providerId, cutoff);
  return { ...alert, ...present({ accounts }) };
}

const stopWords: Readonly<Record<Stop, { readonly text: Text; readonly path: (providerId: string | null) => string }>> =
  {
    provider_missing: {
      text: {
        ja: '基本設定の「認証プロバイダURL接尾辞」の認証プロバイダがありません。',
        en: 'No auth. provider matches the URL suffix in Settings.',
      },
      path: () => '/admin/settings?field=authProviderUrlSuffix',
    },
    secret_missing: {
      text: {
        ja: '認証プロバイダにコンシューマの秘密がありません。',
        en: 'No consumer secret is set for the auth. provider.',
      },
      path: secretPath,
    },
    secret_expired: {
      text: { ja: 'コンシューマの秘密の有効期限が過ぎています。', en: 'The consumer secret has expired.' },
      path: secretPath,
    },
    token_site: {
      text: {
        ja: 'トークンエンドポイントのサイトがリモートサイトにないか、無効です。',
        en: 'The site of the token endpoint is not in the remote sites, or is inactive.',
      },
      path: () => '/admin/remote-sites',
    },
    mail_site: {
      text: {
        ja: '「URL」のサイトがリモートサイトにないか、無効です。',
        en: 'The site of "URL" is not in the remote sites, or is inactive.',
      },
      path: () => '/admin/remote-sites',
    },
  };

function secretPath(providerId: string | null): string {
  return providerId === null
    ? '/admin/auth-providers?field=consumerSecret'
    : `/admin/auth-providers/${providerId}?field=consumerSecret`;
}

const movedLabels = {
  auth_provider_switched: { ja: '使用する認証プロバイダ', en: 'Auth. provider in use' },
  authorize_endpoint_moved: { ja: '承認エンドポイント', en: 'Authorize endpoint' },
  token_endpoint_moved: { ja: 'トークンエンドポイント', en: 'Token endpoint' },
  mail_url_moved: { ja: 'メールの取得先', en: 'Mail URL' },
} as const satisfies Readonly<Record<NonNullable<Notice['moved']>['action'], Text>>;

const doublings = (count: number) => Math.floor(Math.log2(Math.max(1, count)));

const blank = { level: '', errorId: null, users: null };

/** A notice as an alert; none where it only concerns the instance that answers, as the next run may be another's. */
function alertsOfNotice(notice: Notice): readonly Alert[] {
  const { kind, providerId, providerName, stop, moved } = notice;
  const days = notice.days ?? 0;
  const hours = notice.hours ?? 0;
  const users = notice.users ?? 0;
  switch (kind) {
    case 'everybody_stopped': {
      if (stop === null) return [];
      const { text, path } = stopWords[stop];
      const title = { ja: '全員がメールを表示できません。', en: 'Nobody can see their mail.' };
      // The reason may change while it lasts.
      return [{ ...blank, key: kind, kind: 'stopped', level: stop, title, lines: [text], path: path(providerId) }];
    }
    case 'no_success': {
      const title = {
        ja: `${hours}時間、だれのメールも取得できていません。`,
        en: `No mail has been fetched for anyone for ${hours === 1 ? '1 hour' : `${hours} hours`}.`,
      };
      const lines = [{ ja: `認証済みの利用者：${users}人`, en: `Authorized users: ${users}` }];
      return [{ ...blank, key: kind, kind: 'stopped', title, lines, path: '/admin/error-events', users }];
    }
    case 'users_without_success': {
      const title = {
        ja: `${users}人が${hours}時間以上メールを取得できていません。`,
        en: `${users === 1 ? '1 user has' : `${users} users have`} had no mail for ${hours === 1 ? '1 hour' : `${hours} hours`} or longer.`,
      };
      return [
        {
          ...blank,
          ...{ key: keyOfSilentUsers(hours), kind: 'errors', title, lines: [] },
          ...{ path: '/admin/error-events?silent=tried', users },
        },
      ];
    }
    case 'secret_expiring':
    case 'secret_expired':
    case 'secret_date_passed': {
      const title =
        kind === 'secret_date_passed'
          ? {
              ja: 'コンシューマの秘密の期限として入力された日付が過ぎています。',
              en: 'The expiry date entered for the consumer secret has passed.',
            }
          : { ja: 'コンシューマの秘密の期限が近づいています。', en: 'The consumer secret expires soon.' };
      const left =
        days < 0
          ? { ja: '（メールは取得できています）', en: ' (mail is still being fetched)' }
          : days === 0
            ? { ja: '（今日まで）', en: ' (today is its last day)' }
            : { ja: `（残り${days}日）`, en: ` (${days === 1 ? '1 day' : `${days} days`} left)` };
      const line = {
        ja: `認証プロバイダ「${providerName}」：${notice.expiresOn}${left.ja}`,
        en: `Auth. provider "${providerName}": ${notice.expiresOn}${left.en}`,
      };
      const level = String([0, 1, 7, 14, 30].find((ahead) => days <= ahead) ?? 60);
      const key = keyOfSecret(providerId ?? '', notice.expiresOn ?? '');
      return [{ ...blank, key, kind: 'secret', level, title, lines: [line], path: secretPath(providerId) }];
    }
    case 'sign_in_failures': {
      const title = { ja: 'サインインの失敗が続いています。', en: 'Sign-ins keep failing.' };
      const line = {
        ja: `${hours}時間に、${users}個のアカウントで${notice.failures}回失敗または拒否されました。`,
        en: `In ${hours} hours, ${notice.failures} sign-ins for ${users} accounts failed or were refused.`,
      };
      // Told again as it grows: another attack must not hide behind an earlier one.
      const level = doublings(notice.failures ?? 0) + 64 * doublings(users);
      return [
        {
          ...blank,
          ...{ key: kind, kind: 'security', level: String(level), grows: true, title, lines: [line] },
          path: '/admin/audit-events',
        },
      ];
    }
    case 'connection_moved': {
      if (moved === null) return [];
      const label = movedLabels[moved.action];
      const title = { ja: '接続先が変更されました。', en: 'The connection was changed to another site.' };
      const by = moved.by ?? '';
      const of = providerName === null ? '' : `${providerName}: `;
      const line = {
        ja: `${of}${label.ja}：${moved.from} → ${moved.to}（${by}）`,
        en: `${of}${label.en}: ${moved.from} → ${moved.to} (${by})`,
      };
      const key = `${kind}:${moved.action}:${providerId ?? ''}`;
      return [{ ...blank, key, kind: 'security', level: moved.at, title, lines: [line], path: '/admin/audit-events' }];
    }
    case 'database_plain_text': {
      const title = {
        ja: 'データベースへの接続が暗号化されていません。',
        en: 'The connection to the database is not encrypted.',
      };
      return [{ ...blank, key: kind, kind: 'operation', title, lines: [], path: '/admin/overview' }];
    }
    case 'jobs_down':
    case 'clock_differs':
    case 'public_url_differs':
    // Told as an alert, a destination that fails would lead to the next one.
    case 'alerts_fail':
      return [];
  }
}

/** The causes that users still meet and somebody other than them has to mend. */
async function causeAlerts({ db, now }: Services): Promise<readonly Alert[]> {
  const { items } = await listErrorCauses(db, trendWindow('24h', now()), {}, mostCauses);
  const open = items.filter(({ code, ofPresentProvider, recoveredUsers, users }) => {
    // A destination that fails is a notice of the admin menu.
    if (catalogueEntry(knownCode(code)).purpose === 'alert') return false;
    return ofPresentProvider && users > 0 && recoveredUsers < users;
  });
  const events = await readErrorEvents(
    db,
    open.map(({ lastErrorId }) => lastErrorId),
  );
  const byId = new Map(events.map((event) => [event.id, event]));
  return open.flatMap((cause) => {
    const view = (language: Language) => causeView(cause, byId.get(cause.lastErrorId), language);
    const [ja, en] = [view('ja'), view('en')];
    if (ja.menders.every((mender) => mender === 'user')) return [];
    return [causeAlert(cause, { ja, en })];
  });
}

function causeAlert(cause: ErrorCause, { ja, en }: Readonly<Record<Language, ReturnType<typeof causeView>>>): Alert {
  const line = (of: (view: typeof ja) => string | null) => ({ ja: of(ja) ?? '', en: of(en) ?? '' });
  const { events, users, lastErrorId } = cause;
  const extent = {
    ja: `24時間に${users}人・${events}件`,
    en: `${users === 1 ? '1 user' : `${users} users`} and ${events === 1 ? '1 error' : `${events} errors`} in 24 hours`,
  };
  return {
    key: keyOfCause(cause),
    kind: 'errors',
    level: '',
    title: line(({ title }) => title),
    lines: [extent, line(({ condition }) => condition), line(({ remedy }) => remedy)].filter(({ ja }) => ja !== ''),
    path: `/admin/error-events?cause=${cause.id}`,
    errorId: lastErrorId,
    users,
  };
}
