import { expect, test } from 'vitest';
import { planRefresh } from './plan-refresh.ts';

test('the next refresh is one interval after the last answer, and never sooner', () => {
  expect(planRefresh(1_000, 60, null, 0)).toBe(61_000);
});

test('refreshes are spread over a tenth of the interval', () => {
  expect(planRefresh(1_000, 60, null, 0.5)).toBe(64_000);
});

test('a wait that the server asked for is respected, even beyond the interval', () => {
  expect(planRefresh(1_000, 60, 200_000, 0)).toBe(200_000);
  expect(planRefresh(1_000, 60, 5_000, 0)).toBe(61_000);
});

test('an interval of 0 switches the automatic refresh off', () => {
  expect(planRefresh(1_000, 0, 5_000, 0)).toBeNull();
});
