import { expect, test } from 'vitest';
import { counted } from './counted.ts';

test.each([
  [1, '1 user'],
  ['1', '1 user'],
  [0, '0 users'],
  [1200, '1,200 users'],
  ['1,001', '1,001 users'],
])('%o is said as "%s"', (count, said) => {
  expect(counted(count, 'user', 'users')).toBe(said);
});
