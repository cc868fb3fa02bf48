import type { AlertKind } from '@argus/contract/endpoints/alerts';
import type { Language, Text } from '@argus/contract/language';
import type { Alert } from './read-alerts.ts';
import type { ToldAlert } from './records/told-alerts.ts';

/** What became of an alert. */
export type Turn = 'began' | 'continues' | 'ended' | 'quiet' | 'test';

/** One alert of a message, in the language of its channel. */
export interface MessageItem {
  readonly turn: Turn;
  readonly kind: AlertKind | null;
  readonly title: string;
  readonly lines: readonly string[];
  /** The page that says more. */
  readonly url: string;
  readonly errorId: string | null;
}

/** What one channel is sent at once. */
export interface Message {
  readonly language: Language;
  readonly subject: string;
  readonly items: readonly MessageItem[];
  /** How many more alerts there are than `items`. */
  readonly more: number;
  readonly url: string;
  readonly at: Date;
}

const turnLabels: Readonly<Record<Turn, Text>> = {
  began: { ja: '発生', en: 'New' },
  continues: { ja: '継続中', en: 'Ongoing' },
  ended: { ja: '解消', en: 'Resolved' },
  quiet: { ja: '1日発生なし', en: 'Not seen for a day' },
  test: { ja: 'テスト', en: 'Test' },
};
const moreAlerts: Text = { ja: 'ほか{more}件', en: '{more} more' };
const errorIdLabel: Text = { ja: 'エラーID', en: 'Error ID' };

/** At most this many alerts are written out in one message. */
const mostItems = 10;

interface News {
  readonly turn: Exclude<Turn, 'test'>;
  readonly alert: Pick<Alert, 'kind' | 'title' | 'path'> & Partial<Pick<Alert, 'lines' | 'errorId'>>;
}

export interface Addressee {
  readonly language: Language;
  /** The origin at which browsers reach Argus. */
  readonly publicUrl: string;
}

/** A message of news; null where there is none. */
export function messageOf(news: readonly News[], to: Addressee, at: Date): Message | null {
  const [first] = news;
  if (first === undefined) return null;
  const items = news.slice(0, mostItems).map(
    ({ turn, alert }): MessageItem => ({
      turn,
      kind: alert.kind,
      title: alert.title[to.language],
      lines: (alert.lines ?? []).map((line) => line[to.language]),
      url: new URL(alert.path, to.publicUrl).href,
      errorId: alert.errorId ?? null,
    }),
  );
  const more = news.length - items.length;
  const others = news.length - 1;
  const rest = others === 0 ? '' : to.language === 'ja' ? `（ほか${others}件）` : ` (and ${others} more)`;
  const subject = `Argus: [${turnLabels[first.turn][to.language]}] ${first.alert.title[to.language]}${rest}`;
  return { language: to.language, subject, items, more, url: to.publicUrl, at };
}

export function testMessage(channelName: string, to: Addressee, at: Date): Message {
  const title: Text = { ja: 'Argus からのテスト送信です。', en: 'This is a test from Argus.' };
  const line: Text = {
    ja: `送信先「${channelName}」にアラートが届きます。対応は不要です。`,
    en: `Alerts will arrive at "${channelName}". You do not need to do anything.`,
  };
  const item: MessageItem = {
    turn: 'test',
    kind: null,
    title: title[to.language],
    lines: [line[to.language]],
    url: new URL('/admin/alerts', to.publicUrl).href,
    errorId: null,
  };
  const subject = `Argus: [${turnLabels.test[to.language]}] ${item.title}`;
  return { language: to.language, subject, items: [item], more: 0, url: to.publicUrl, at };
}

/** As it was told, for its end. */
export function endOf({ alert }: ToldAlert, turn: 'ended' | 'quiet'): News {
  return { turn, alert };
}

/** 【発生】 and the like, before a title. */
export function headingOf({ turn, title }: MessageItem, language: Language): string {
  const label = turnLabels[turn][language];
  return language === 'ja' ? `【${label}】${title}` : `[${label}] ${title}`;
}

/** The lines below a heading, with the error ID. */
export function linesOf({ lines, errorId }: MessageItem, language: Language): readonly string[] {
  return errorId === null ? lines : [...lines, `${errorIdLabel[language]}: ${errorId}`];
}

export function moreLine({ more, language }: Message): string | null {
  return more === 0 ? null : moreAlerts[language].replace('{more}', String(more));
}
