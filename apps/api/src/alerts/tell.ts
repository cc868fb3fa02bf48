import { present } from '@argus/fields/present';
import type { AlertChannel } from '../connection/records/alert-channels.ts';
import { endOf } from './message.ts';
import type { Alert, Situation } from './read-alerts.ts';
import type { Telling, ToldAlert } from './records/told-alerts.ts';

const hourMs = 3600_000;
/** A condition that comes back sooner than this after its end is not told as new: it flickers. */
const flickerMs = hourMs;
/** What stops everybody is told again after this time. */
const remindMs = 24 * hourMs;
/** After this time nobody waits for the proof of an end any more. */
const openMs = 7 * 24 * hourMs;

type News = ReturnType<typeof endOf> | { readonly turn: 'began' | 'continues'; readonly alert: Alert };

/** These say that something happened: that it is past is no news. */
function hasEnd(kind: Alert['kind']): boolean {
  return kind !== 'security';
}

/** Whom a condition has been about since it was told: who left it for a worse one has not recovered. */
function concerned({ accounts }: Alert, before: ToldAlert | undefined): readonly string[] | undefined {
  if (accounts === undefined || before === undefined || before.endedAt !== null) return accounts;
  return before.alert.accounts && [...new Set([...before.alert.accounts, ...accounts])];
}

/**
 * What a channel is told now, by what it has been told: each condition once, again where it becomes more urgent, and its end.
 * @param channel which kinds it wants
 */
export function whatToTell(
  channel: Pick<AlertChannel, 'kinds' | 'leastUsers'>,
  { alerts, endingOf }: Situation,
  told: readonly ToldAlert[],
  now: Date,
): { readonly news: readonly News[]; readonly telling: Telling } {
  const news: News[] = [];
  const kept: ToldAlert[] = [];
  const forgotten: string[] = [];
  const byKey = new Map(told.map((each) => [each.key, each]));
  const wanted = alerts.filter(
    ({ kind, users }) => channel.kinds.includes(kind) && (kind !== 'errors' || (users ?? 0) >= channel.leastUsers),
  );
  for (const alert of wanted) {
    const { key, level, kind, title, path, grows } = alert;
    const before = byKey.get(key);
    const accounts = concerned(alert, before);
    const row = {
      key,
      level,
      alert: { kind, title, path, ...present({ accounts }) },
      beganAt: before?.beganAt ?? now,
      toldAt: now,
      endedAt: null,
    };
    const sinceEnd = before?.endedAt ? now.getTime() - before.endedAt.getTime() : null;
    if (before === undefined || (sinceEnd !== null && sinceEnd >= flickerMs)) {
      news.push({ turn: 'began', alert });
      kept.push({ ...row, beganAt: now });
    } else if (sinceEnd !== null) {
      // It stays ended until it has lasted; told by a later run.
    } else if (grows && Number(level) <= Number(before.level)) {
      // It may grow again from here.
      if (level !== before.level) kept.push({ ...row, toldAt: before.toldAt });
    } else if (before.level !== level || (kind === 'stopped' && now.getTime() - before.toldAt.getTime() >= remindMs)) {
      news.push({ turn: 'continues', alert });
      kept.push(row);
    } else if (accounts?.length !== before.alert.accounts?.length) {
      kept.push({ ...before, alert: { ...before.alert, ...present({ accounts }) } });
    }
  }
  // A cause that fewer users meet than before has not ended.
  const lasting = new Set(alerts.map(({ key }) => key));
  for (const each of told) {
    if (lasting.has(each.key)) continue;
    if (each.endedAt !== null) {
      if (now.getTime() - each.endedAt.getTime() >= flickerMs) forgotten.push(each.key);
      continue;
    }
    const ending = hasEnd(each.alert.kind) && channel.kinds.includes(each.alert.kind) ? endingOf(each) : 'unknown';
    const isOld = now.getTime() - each.toldAt.getTime() >= openMs;
    if (ending === 'unknown' || (ending === 'open' && isOld)) {
      forgotten.push(each.key);
    } else if (ending !== 'open') {
      news.push(endOf(each, ending));
      kept.push({ ...each, toldAt: now, endedAt: now });
    }
  }
  return { news, telling: { told: kept, forgotten } };
}
