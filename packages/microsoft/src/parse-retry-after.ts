const weekday = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /u;

function instant(text: string | undefined): number | undefined {
  if (text === undefined || !weekday.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Reads Retry-After (RFC 9110, section 10.2.3): seconds, also with decimals as Graph sends them (`2.128`), or an HTTP
 * date, relative to the reply's own `Date` so that a wrong local clock does no harm.
 * @returns milliseconds, not capped; undefined for anything else
 */
export function parseRetryAfter(
  value: string | undefined,
  clock: { readonly now: number; readonly replyDate?: string | undefined },
): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,12}(\.\d{1,9})?(e\d{1,2})?$/iu.test(text)) return Math.round(Number(text) * 1000);
  const date = instant(text);
  return date === undefined ? undefined : Math.max(0, date - (instant(clock.replyDate) ?? clock.now));
}
