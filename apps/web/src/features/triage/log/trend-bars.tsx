import type { BoardWindow } from '@argus/contract/endpoints/triage/board';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { summarizeTrend } from './trend.ts';

/** The frequency of an incident over the window, as small bars; in words for screen readers, and as a tooltip. */
export function TrendBars({ trend, window, events }: { trend: number[]; window: BoardWindow; events: number }) {
  const words = useText('triage/log').board;
  const language = useLanguage();
  const count = (value: number) => value.toLocaleString(language);
  const { peak, peakAgo, latest } = summarizeTrend(trend);
  const ago = window === '24h' ? words.hoursAgo(peakAgo) : words.daysAgo(peakAgo);
  const said = [
    words.trend(words.windows[window], count(events)),
    ...(peak > 0 ? [words.trendPeak(ago, count(peak))] : []),
    ...(peakAgo > 0 ? [words.trendLatest(count(latest))] : []),
  ].join(language === 'ja' ? '' : ' ');
  return (
    <div className="argus-trend" role="img" aria-label={said} title={said}>
      {trend.map((value, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is known by its place
          key={index}
          className="argus-trend__bar"
          data-none={value === 0 || undefined}
          style={{ blockSize: `${value === 0 ? 0 : Math.max(8, Math.round((value / peak) * 100))}%` }}
        />
      ))}
    </div>
  );
}
