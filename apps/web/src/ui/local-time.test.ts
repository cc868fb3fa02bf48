import { expect, test } from 'vitest';
import { fromLocalTime } from './local-time.ts';

test("a time is read in the user's zone", () => {
  expect(fromLocalTime('2026-11-21T10:42')).toBe(new Date(2026, 10, 21, 10, 42).toISOString());
});

test.each([[''], ['2026-11-21'], ['2026-11-21T10:42Z'], ['2026-13-45T10:42'], ['now']])('%j is not a time', (text) => {
  expect(fromLocalTime(text)).toBeUndefined();
});
