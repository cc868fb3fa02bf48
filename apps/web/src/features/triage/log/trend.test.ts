import { expect, test } from 'vitest';
import { summarizeTrend } from './trend.ts';

test('the highest bucket is described by how long ago it was; of several, the latest is', () => {
  expect(summarizeTrend([0, 7, 2, 7, 1])).toEqual({ peak: 7, peakAgo: 1, latest: 1 });
  expect(summarizeTrend([5])).toEqual({ peak: 5, peakAgo: 0, latest: 5 });
});
