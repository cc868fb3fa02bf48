import { expect, test } from 'vitest';
import type { Ending } from './endings.ts';
import type { Alert } from './read-alerts.ts';
import type { ToldAlert } from './records/told-alerts.ts';
import { whatToTell } from './tell.ts';

const channel = { kinds: ['stopped', 'secret', 'errors', 'security'], leastUsers: 3 } as const;
const start = new Date('2027-05-06T00:00:00Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const alert = (change: Partial<Alert> = {}): Alert => ({
  key: 'everybody_stopped',
  kind: 'stopped',
  level: '',
  title: { ja: '全員がメールを表示できません。', en: 'Nobody can see their mail.' },
  lines: [],
  path: '/admin/remote-sites',
  errorId: null,
  users: null,
  ...change,
});

/** Plays runs one after the other; what each tells is what the next remembers. */
function play(
  runs: readonly { readonly at: Date; readonly alerts: readonly Alert[] }[],
  to: Parameters<typeof whatToTell>[0] = channel,
  endingOf: () => Ending = () => 'ended',
) {
  let told: readonly ToldAlert[] = [];
  return runs.map(({ at, alerts }) => {
    const { news, telling } = whatToTell(to, { alerts, endingOf }, told, at);
    const changed = new Set([...telling.told.map(({ key }) => key), ...telling.forgotten]);
    told = [...told.filter(({ key }) => !changed.has(key)), ...telling.told];
    return news.map(({ turn }) => turn);
  });
}

test('alert-1: a condition is told once, and once more when it is over', () => {
  const alerts = [alert()];
  expect(
    play([
      { at: start, alerts },
      { at: after(1), alerts },
      { at: after(2), alerts },
      { at: after(3), alerts: [] },
      { at: after(4), alerts: [] },
    ]),
  ).toEqual([['began'], [], [], ['ended'], []]);
});

test('alert-2: one that comes and goes is held back for an hour after its end, and is new again later', () => {
  const alerts = [alert()];
  expect(
    play([
      { at: start, alerts },
      { at: after(1), alerts: [] },
      { at: after(2), alerts },
      { at: after(3), alerts: [] },
      { at: after(30), alerts },
      { at: after(61), alerts },
      { at: after(62), alerts: [] },
      { at: after(200), alerts: [] },
      { at: after(201), alerts },
    ]),
  ).toEqual([['began'], ['ended'], [], [], [], ['began'], ['ended'], [], ['began']]);
});

test('alert-3: while nobody can see their mail, that is told again every day', () => {
  const alerts = [alert()];
  const day = 24 * 60;
  expect(
    play([
      { at: start, alerts },
      { at: after(day - 1), alerts },
      { at: after(day), alerts },
      { at: after(day + 1), alerts },
    ]),
  ).toEqual([['began'], [], ['continues'], []]);
});

test('alert-4: a secret that expires sooner is told again; its renewal is the end', () => {
  const secret = (level: string) => [alert({ key: 'secret:1:2027-06-01', kind: 'secret', level })];
  expect(
    play([
      { at: start, alerts: secret('30') },
      { at: after(1), alerts: secret('30') },
      { at: after(2), alerts: secret('14') },
      { at: after(3), alerts: [] },
    ]),
  ).toEqual([['began'], [], ['continues'], ['ended']]);
});

test('alert-5: errors are told from the number of users on that the channel asks for; fewer later are no end', () => {
  const errors = (users: number) => [alert({ key: 'cause:1', kind: 'errors', users })];
  expect(
    play([
      { at: start, alerts: errors(2) },
      { at: after(1), alerts: errors(3) },
      { at: after(2), alerts: errors(1) },
      { at: after(3), alerts: [] },
    ]),
  ).toEqual([[], ['began'], [], ['ended']]);
});

test('alert-6: a channel is told of the kinds that it asks for; that a moved endpoint is past is no news', () => {
  const moved = [alert({ key: 'connection_moved', kind: 'security' })];
  expect(
    play([
      { at: start, alerts: [...moved, alert({ kind: 'operation' })] },
      { at: after(1), alerts: [] },
    ]),
  ).toEqual([['began'], []]);
});

test('alert-19: what nobody has met for a day is not called over, and what cannot be said is not said', () => {
  const alerts = [alert({ kind: 'errors', users: 5 })];
  const runs = [
    { at: start, alerts },
    { at: after(25 * 60), alerts: [] },
    { at: after(25 * 60 + 1), alerts: [] },
  ];
  expect(play(runs, channel, () => 'quiet')).toEqual([['began'], ['quiet'], []]);
  expect(play(runs, channel, () => 'unknown')).toEqual([['began'], [], []]);
});

test('alert-19: another reason for the same stop is no end of it', () => {
  expect(
    play([
      { at: start, alerts: [alert({ level: 'mail_site' })] },
      { at: after(1), alerts: [alert({ level: 'token_site' })] },
      { at: after(2), alerts: [] },
    ]),
  ).toEqual([['began'], ['continues'], ['ended']]);
});

test('alert-21: an end waits for its proof, for a week at most, and the condition that comes back is no new one', () => {
  const alerts = [alert()];
  const day = 24 * 60;
  const runs = [
    { at: start, alerts },
    { at: after(1), alerts: [] },
    { at: after(2), alerts },
    { at: after(3), alerts: [] },
    { at: after(8 * day), alerts: [] },
    { at: after(8 * day + 1), alerts },
  ];
  expect(play(runs, channel, () => 'open')).toEqual([['began'], [], [], [], [], ['began']]);
});

test('alert-21: what grows is told again as it does, and from where it fell to', () => {
  const failures = (level: number) => [alert({ kind: 'security', level: String(level), grows: true })];
  const runs = [2, 2, 4, 3, 4].map((level, minute) => ({ at: after(minute), alerts: failures(level) }));
  expect(play(runs)).toEqual([['began'], [], ['continues'], [], ['continues']]);
});
