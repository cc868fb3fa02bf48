import { useLanguage } from '../i18n/text-context.tsx';
import { formatClock, formatDate, formatExact } from '../lib/format-time.ts';

/** A moment to the second, in the user's time zone, as in logs. `at` is ISO 8601. */
export function ExactTime({ at }: { at: string }) {
  const language = useLanguage();
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(time, language)}>
      {formatDate(time, language)} {formatClock(time, language, { seconds: true })}
    </time>
  );
}
