import type { BoardWindow } from '@argus/contract/endpoints/triage/board';
import type { TrendWindow } from './records/error-causes.ts';

const shapes = {
  '24h': { bucketHours: 1, buckets: 24 },
  '7d': { bucketHours: 24, buckets: 7 },
  '30d': { bucketHours: 24, buckets: 30 },
} as const satisfies Record<BoardWindow, Omit<TrendWindow, 'start'>>;

const hourMs = 3600_000;

/** The window that ends with the hour of `now`, as events are counted per hour. */
export function trendWindow(window: BoardWindow, now: Date): TrendWindow {
  const shape = shapes[window];
  const end = (Math.floor(now.getTime() / hourMs) + 1) * hourMs;
  return { ...shape, start: new Date(end - shape.bucketHours * shape.buckets * hourMs) };
}
