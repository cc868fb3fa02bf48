/** The key numbers of a trend. */
export interface TrendSummary {
  /** Of the highest bucket. */
  readonly peak: number;
  /** How many buckets ago that was; 0 = the current one. Of several the latest. */
  readonly peakAgo: number;
  /** Of the current bucket. */
  readonly latest: number;
}

/** @param trend events per bucket, oldest first */
export function summarizeTrend(trend: readonly number[]): TrendSummary {
  const peak = Math.max(0, ...trend);
  return { peak, peakAgo: trend.length - 1 - trend.lastIndexOf(peak), latest: trend.at(-1) ?? 0 };
}
