import { useLanguage, useText } from '../i18n/text-context.tsx';
import { formatExact, formatRelative } from '../lib/format-time.ts';
import { useNow } from '../lib/use-now.ts';

/** How long ago, kept up to date; the exact moment in the user's time zone as a tooltip. `at` is ISO 8601. */
export function RelativeTime({ at }: { at: string }) {
  const language = useLanguage();
  const { justNow } = useText('common');
  const now = useNow(30_000);
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(time, language)}>
      {formatRelative(time, now, language, justNow)}
    </time>
  );
}
