import type { Text } from '../../language.ts';
import type { CatalogueEntry, Cause, MatchRule } from '../entry.ts';
import { authorizationFailed, contactAdmin, mailFailed } from '../messages.ts';

/** An error of the token endpoint that is met while a user authorizes and while the portlet refreshes alike. */
export interface TokenError {
  readonly rules: readonly Omit<MatchRule, 'call'>[];
  /** What went wrong, as it stands behind 「エラー：」. */
  readonly says: Text;
  /** `reconnect`: only another authorization helps, after somebody mended it or at once. */
  readonly retry: 'no' | 'later' | 'reconnect';
  /** Rows of the customer's table, where there are any. */
  readonly rows?: { readonly authorization: string; readonly mail: string };
  readonly causes: readonly [Cause, ...Cause[]];
  /** What the customer's guide says of that row, in its own words; it comes last, as it also covers other errors. */
  readonly guide?: Omit<Cause, 'row'>;
}

export type TokenErrors = Readonly<Record<string, TokenError>>;

const words = {
  authorization: {
    failed: authorizationFailed,
    again: { ja: 'もう一度、認証を実行してください。', en: 'Authorize again.' },
    later: { ja: '時間を置いてから、もう一度認証を実行してください。', en: 'Wait a while, then authorize again.' },
    row: 'A-status',
    retryAfterSeconds: 30,
  },
  mail: {
    failed: mailFailed,
    again: { ja: 'もう一度、認証してください。', en: 'Authorize again.' },
    later: { ja: '時間を置いてから、再度読み込みを行ってください。', en: 'Wait a while, then reload.' },
    row: 'B-status',
    retryAfterSeconds: 30,
  },
} as const;

type Area = keyof typeof words;

/** The entries of an area: `x` becomes `authorization_x` or `mail_x`, with that area's words. */
export function tokenErrorsOf<A extends Area, T extends TokenErrors>(
  area: A,
  errors: T,
): { readonly [K in keyof T & string as `${A}_${K}`]: CatalogueEntry } {
  const entries = Object.entries(errors).map(([name, error]) => [`${area}_${name}`, entryOf(area, error)]);
  return Object.fromEntries(entries);
}

function entryOf(area: Area, error: TokenError): CatalogueEntry {
  const { failed, again, later, row, retryAfterSeconds } = words[area];
  const byUser = error.causes[0].menders[0] === 'user';
  const told: Text = { ja: `エラー：${error.says.ja}`, en: `Error: ${error.says.en}` };
  const lines =
    error.retry === 'later'
      ? [failed, told, later]
      : error.retry === 'reconnect' && byUser
        ? [failed, told, again]
        : [failed, contactAdmin, told];
  const rowOf = error.rows?.[area] ?? row;
  return {
    row: rowOf,
    area,
    stage: 'token',
    match: error.rules.map((rule) => ({ call: 'token', ...rule })),
    ...statusOf(area, error.retry, byUser),
    ...(error.retry === 'later' ? { retryAfterSeconds } : {}),
    message: { ja: lines.map((line) => line.ja), en: lines.map((line) => line.en) },
    causes: guided(error, rowOf),
    logged: true,
  };
}

function guided({ causes, guide }: TokenError, row: string): readonly Cause[] {
  return guide ? [...causes, { row, ...guide }] : causes;
}

function statusOf(area: Area, retry: TokenError['retry'], byUser: boolean): Pick<CatalogueEntry, 'status' | 'retry'> {
  if (retry === 'later') return { status: 503, retry };
  if (retry === 'no') return { status: 502, retry };
  if (area === 'mail') return { status: 409, retry: 'after_reconnect' };
  return { status: 502, retry: byUser ? 'now' : 'no' };
}
