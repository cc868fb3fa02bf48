import { expect, test } from 'vitest';
import { formatCount } from './format-count.ts';

test('a number has groups from a thousand on, in both languages', () => {
  expect([0, 7, 999].map((count) => formatCount(count, 'ja'))).toEqual(['0', '7', '999']);
  expect(formatCount(1000, 'ja')).toBe('1,000');
  expect(formatCount(1234567, 'en')).toBe('1,234,567');
});
