import type { Language } from '@argus/contract/language';

const locales = { ja: 'ja-JP', en: 'en-GB' } as const satisfies Record<Language, string>;
const minute = 60_000;

/** Shared options: the user's own time zone, unless a test names one. */
interface Zone {
  readonly timeZone?: string | undefined;
}

type DateOptions = Intl.DateTimeFormatOptions & Zone;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs as much as hundreds of dates, so each is made once. One of this device's zone ends with it. */
function dateFormat(locale: string, options: DateOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options, options.timeZone ?? new Date().getTimezoneOffset()]);
  const format = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, format);
  return format;
}

function dayNumber(time: number, { timeZone }: Zone): number {
  const parts = dateFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone });
  return Math.round(Date.parse(`${parts.format(time)}T00:00:00Z`) / 86_400_000);
}

/** 「10:42」 for a time in milliseconds since the epoch; `seconds` adds them. */
export function formatClock(time: number, language: Language, zone: Zone & { seconds?: boolean } = {}): string {
  return dateFormat(locales[language], {
    hour: language === 'ja' ? 'numeric' : '2-digit',
    minute: '2-digit',
    ...(zone.seconds ? { second: '2-digit' } : {}),
    hour12: false,
    timeZone: zone.timeZone,
  }).format(time);
}

/** 「2026/11/21」 (en: 21 Nov 2026) for a time in milliseconds since the epoch. */
export function formatDate(time: number, language: Language, { timeZone }: Zone = {}): string {
  return dateFormat(locales[language], {
    year: 'numeric',
    month: language === 'ja' ? '2-digit' : 'short',
    day: language === 'ja' ? '2-digit' : 'numeric',
    timeZone,
  }).format(time);
}

/** 「11/28」 (en: 28 Nov) for a time in milliseconds since the epoch. */
export function formatDay(time: number, language: Language, { timeZone }: Zone = {}): string {
  return dateFormat(locales[language], {
    month: language === 'ja' ? 'numeric' : 'short',
    day: 'numeric',
    timeZone,
  }).format(time);
}

/** The exact moment with weekday, seconds and zone, for a tooltip. */
export function formatExact(time: number, language: Language, { timeZone }: Zone = {}): string {
  return dateFormat(locales[language], {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
    timeZoneName: 'short',
    timeZone,
  }).format(time);
}

/**
 * How long ago, as short as is clear: 「たった今」, 「5分前」, 「9:12」 today, 「昨日 18:02」, 「11/18 18:02」, 「2025/11/18」. A future
 * time (a clock is off) is "just now" for a minute, then its clock time.
 * @param justNow the words for less than a minute
 */
export function formatRelative(
  time: number,
  now: number,
  language: Language,
  justNow: string,
  zone: Zone = {},
): string {
  const age = now - time;
  if (Math.abs(age) < minute) return justNow;
  if (age > 0 && age < 60 * minute) {
    return new Intl.RelativeTimeFormat(locales[language], { style: language === 'ja' ? 'narrow' : 'short' }).format(
      -Math.floor(age / minute),
      'minute',
    );
  }
  return formatMoment(time, now, language, zone);
}

/** A moment, as short as is clear: 「9:12」 today, 「昨日 18:02」, 「11/18 18:02」, 「2025/11/18」. */
export function formatMoment(time: number, now: number, language: Language, zone: Zone = {}): string {
  const days = dayNumber(now, zone) - dayNumber(time, zone);
  const clock = formatClock(time, language, zone);
  if (days === 0) return clock;
  if (days === 1) {
    return `${new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' }).format(-1, 'day')} ${clock}`;
  }
  if (days > 1 && days < 300) {
    return `${formatDay(time, language, zone)} ${clock}`;
  }
  return formatDate(time, language, zone);
}

/** 「0:42」, 「12:05」 or 「1:02:05」 for a wait in seconds; never negative. */
export function formatCountdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}
