import { expect, test } from 'vitest';
import { formatClock, formatCountdown, formatDate, formatExact, formatRelative } from './format-time.ts';

const timeZone = 'Asia/Tokyo';
const at = (local: string) => Date.parse(`${local}+09:00`);
const now = at('2026-11-21T18:30:00');
const ja = (local: string) => formatRelative(at(local), now, 'ja', 'たった今', { timeZone });
const en = (local: string) => formatRelative(at(local), now, 'en', 'just now', { timeZone });

test('less than a minute ago is just now', () => {
  expect(ja('2026-11-21T18:29:30')).toBe('たった今');
  expect(en('2026-11-21T18:29:30')).toBe('just now');
});

test('within the hour, minutes are counted', () => {
  expect(ja('2026-11-21T18:25:00')).toBe('5分前');
  expect(en('2026-11-21T18:25:00')).toBe('5 min ago');
});

test('earlier today is a clock time', () => {
  expect(ja('2026-11-21T09:12:00')).toBe('9:12');
  expect(en('2026-11-21T09:12:00')).toBe('09:12');
});

test('yesterday is called so by the calendar of the user, not by 24 hours', () => {
  expect(ja('2026-11-20T18:02:00')).toBe('昨日 18:02');
  expect(ja('2026-11-20T00:05:00')).toBe('昨日 0:05');
  expect(formatRelative(at('2026-11-20T23:59:00'), at('2026-11-21T01:30:00'), 'ja', '', { timeZone })).toBe(
    '昨日 23:59',
  );
  expect(en('2026-11-20T18:02:00')).toBe('yesterday 18:02');
});

test('the day depends on the zone', () => {
  const time = Date.parse('2026-11-20T16:00:00Z');
  expect(formatRelative(time, now, 'ja', '', { timeZone: 'Asia/Tokyo' })).toBe('1:00');
  expect(formatRelative(time, now, 'ja', '', { timeZone: 'UTC' })).toBe('昨日 16:00');
});

test('this year shows day and time, older mail the date', () => {
  expect(ja('2026-11-18T08:00:00')).toBe('11/18 8:00');
  expect(ja('2025-11-18T08:00:00')).toBe('2025/11/18');
  expect(en('2026-11-18T08:00:00')).toBe('18 Nov 08:00');
});

test('a time in the future never reads as past', () => {
  expect(ja('2026-11-21T18:30:20')).toBe('たった今');
  expect(ja('2026-11-21T19:00:00')).toBe('19:00');
  expect(ja('2026-11-23T19:00:00')).toBe('2026/11/23');
});

test('clock, date and exact time are in the zone of the user', () => {
  expect(formatClock(now, 'ja', { timeZone })).toBe('18:30');
  expect(formatClock(now, 'ja', { timeZone, seconds: true })).toBe('18:30:00');
  expect(formatClock(at('2026-11-21T00:05:00'), 'ja', { timeZone })).toBe('0:05');
  expect(formatDate(now, 'ja', { timeZone })).toBe('2026/11/21');
  expect(formatDate(now, 'en', { timeZone })).toBe('21 Nov 2026');
  expect(formatExact(now, 'ja', { timeZone })).toBe('2026年11月21日(土) 18:30:00 JST');
});

test('a countdown reads m:ss, with hours where there are any, and never below zero', () => {
  expect(formatCountdown(42)).toBe('0:42');
  expect(formatCountdown(65)).toBe('1:05');
  expect(formatCountdown(3725)).toBe('1:02:05');
  expect(formatCountdown(0.2)).toBe('0:01');
  expect(formatCountdown(-3)).toBe('0:00');
});
