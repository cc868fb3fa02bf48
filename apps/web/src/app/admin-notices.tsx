import type { Notice } from '@argus/contract/endpoints/triage/board';
import { useState } from 'react';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { formatClock, formatDate } from '../lib/format-time.ts';
import { putOff, readPutOff } from '../lib/put-off.ts';
import { daysUntil, expiryUrgency } from '../lib/secret-expiry.ts';
import { pages } from '../pages.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Icon, type IconTone } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon-names.ts';

type Severity = 'info' | 'warning' | 'error';

const looks: Readonly<Record<Severity, { icon: IconName; tone: IconTone }>> = {
  info: { icon: 'utility:info', tone: 'brand' },
  warning: { icon: 'utility:warning', tone: 'warning' },
  error: { icon: 'utility:error', tone: 'error' },
};

/** The days left until the secret expires, in the reader's calendar, as beside its field. */
function daysLeft({ expiresOn }: Notice): number {
  return daysUntil(expiresOn ?? '', new Date());
}

function severityOf(notice: Notice): Severity {
  const { kind } = notice;
  const warned: readonly Notice['kind'][] = [
    'secret_date_passed',
    'users_without_success',
    'sign_in_failures',
    'connection_moved',
    'clock_differs',
    'database_plain_text',
    'public_url_differs',
    'alerts_fail',
  ];
  if (warned.includes(kind)) return 'warning';
  if (kind !== 'secret_expiring' && kind !== 'secret_expired') return 'error';
  // On its last day it still works.
  return ({ expired: 'error', soon: 'warning', fine: 'info' } as const)[expiryUrgency(daysLeft(notice))];
}

/** Notices that wait: nothing is broken yet, or nothing that an administrator can mend here. */
const canWait: readonly Notice['kind'][] = [
  'secret_date_passed',
  'secret_expiring',
  'database_plain_text',
  'public_url_differs',
  'clock_differs',
];

/** A renewed secret is another notice than the one that was put off, and so is one that becomes urgent. */
function keyOf(notice: Notice, severity: Severity): string {
  return [notice.kind, severity, notice.providerId, notice.expiresOn].filter(Boolean).join(' ');
}

/**
 * What needs an administrator's attention, above every page of the admin menu. Not announced, as it is the same on
 * each page.
 */
export function AdminNotices({ notices }: { notices: readonly Notice[] }) {
  const words = useText('shell').notices;
  const { kinds } = useText('common');
  const say = useNoticeTexts();
  const [later, setLater] = useState(() => readPutOff(Date.now()));
  const shown = notices.filter((notice) => !(keyOf(notice, severityOf(notice)) in later));
  if (shown.length === 0) return null;
  return (
    <section className="argus-notices" aria-label={words.title}>
      <ul>
        {shown.map((notice) => {
          const severity = severityOf(notice);
          const { text, link, to } = say(notice);
          return (
            <li
              key={`${notice.kind} ${notice.providerId} ${notice.channel?.id} ${notice.moved?.action} ${notice.moved?.at}`}
              className={`argus-notice argus-notice_${severity}`}
            >
              <Icon name={looks[severity].icon} tone={looks[severity].tone} />
              <p className="argus-notice__text">
                <strong>{kinds[severity]}</strong> {text}{' '}
                {to === undefined ? null : (
                  <AppLink to={to} className="argus-notices__link">
                    {link} →
                  </AppLink>
                )}
              </p>
              {canWait.includes(notice.kind) && severity !== 'error' ? (
                <button
                  type="button"
                  className="argus-notices__later"
                  onClick={() => setLater(putOff(keyOf(notice, severity), Date.now()))}
                >
                  {words.putOff}
                </button>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function useNoticeTexts() {
  const words = useText('shell').notices;
  const language = useLanguage();
  const count = (value: number | null) => (value ?? 0).toLocaleString(language);
  const moveText = ({ action, by, at, times, from, to }: NonNullable<Notice['moved']>, provider: string) => {
    const when = `${formatDate(Date.parse(at), language)} ${formatClock(Date.parse(at), language)}`;
    const thing = {
      auth_provider_switched: words.providerInUse,
      authorize_endpoint_moved: words.authorizeEndpointOf(provider),
      token_endpoint_moved: words.tokenEndpointOf(provider),
      mail_url_moved: words.mailUrl,
    }[action];
    const place = (text: string) => text || words.noProvider;
    const isBack = from === to;
    const what = isBack ? words.movedAndBack(thing, place(to)) : words.movedFromTo(thing, place(from), place(to));
    const advice = isBack ? words.lookAtMoves : words.moveBack;
    return words.moved(when, by ?? '', what, times > 1 ? words.movedTimes(count(times)) : '', advice);
  };
  const stopText = ({ stop, providerId }: Notice) => {
    const provider = `${pages.authProviders.path}/${encodeURIComponent(providerId ?? '')}`;
    const to = {
      provider_missing: `${pages.settings.path}?field=authProviderUrlSuffix`,
      secret_missing: `${provider}?field=consumerSecret`,
      secret_expired: `${provider}?field=consumerSecret`,
      token_site: `${provider}?field=tokenEndpointUrl`,
      mail_site: `${pages.settings.path}?field=mailUrl`,
    };
    return stop === null
      ? { text: words.everybodyStopped }
      : { text: `${words.everybodyStopped} ${words.stops[stop]}`, link: words.mend, to: to[stop] };
  };
  return (notice: Notice): { text: string; link?: string; to?: string } => {
    const provider = notice.providerName ?? '';
    const date = notice.expiresOn
      ? formatDate(Date.parse(`${notice.expiresOn}T00:00:00Z`), language, { timeZone: 'UTC' })
      : '';
    const secret = {
      link: words.renewSecret,
      to: `${pages.authProviders.path}/${encodeURIComponent(notice.providerId ?? '')}?field=consumerSecret`,
    };
    switch (notice.kind) {
      case 'everybody_stopped':
        return stopText(notice);
      case 'secret_expiring':
      case 'secret_expired': {
        const left = daysLeft(notice);
        if (left < 0) return { ...secret, text: words.secretExpired(provider, date) };
        if (left === 0) return { ...secret, text: words.secretLastDay(provider, date) };
        return { ...secret, text: words.secretExpiring(provider, date, count(left)) };
      }
      case 'secret_date_passed': {
        const at = Date.parse(notice.lastSuccessAt ?? '');
        const when = `${formatDate(at, language)} ${formatClock(at, language)}`;
        const to = `${pages.authProviders.path}/${encodeURIComponent(notice.providerId ?? '')}?field=consumerSecretExpiresOn`;
        return { text: words.secretDatePassed(provider, date, when), link: words.correctDate, to };
      }
      case 'no_success':
        return { text: words.noSuccess(count(notice.hours)), link: words.openLog, to: pages.errorEvents.path };
      case 'users_without_success':
        return {
          text: words.usersWithoutSuccess(count(notice.users)),
          link: words.openUsers,
          to: `${pages.errorEvents.path}?silent=tried`,
        };
      case 'sign_in_failures':
        return {
          text: words.signInFailures(count(notice.hours), count(notice.failures), count(notice.users)),
          link: words.openAudit,
          to: `${pages.auditEvents.path}?action=sign_in_failed`,
        };
      case 'connection_moved': {
        const { moved } = notice;
        const text = moved ? moveText(moved, provider) : '';
        return { text, link: words.openAudit, to: `${pages.auditEvents.path}?action=${moved?.action ?? ''}` };
      }
      case 'alerts_fail':
        return {
          text: words.alertsFail(notice.channel?.name ?? ''),
          link: words.openAlert,
          to: `${pages.alerts.path}/${encodeURIComponent(notice.channel?.id ?? '')}`,
        };
      // Whoever operates the servers mends these; no page of Argus does.
      case 'jobs_down':
        return { text: words.jobsDown };
      case 'clock_differs':
        return { text: words.clockDiffers(count(Math.abs(notice.seconds ?? 0)), (notice.seconds ?? 0) > 0) };
      case 'database_plain_text':
        return { text: words.databasePlainText };
      case 'public_url_differs':
        return { text: words.publicUrlDiffers(window.location.origin) };
    }
  };
}
