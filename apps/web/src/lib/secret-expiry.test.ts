import { expect, test } from 'vitest';
import { daysUntil, expiryUrgency } from './secret-expiry.ts';

test('180 days lie between 2026/11/21 and 2027/05/20, whatever the time of day', () => {
  expect(daysUntil('2027-05-20', new Date(2026, 10, 21, 0, 0, 1))).toBe(180);
  expect(daysUntil('2027-05-20', new Date(2026, 10, 21, 23, 59, 59))).toBe(180);
});

test('the day itself counts as 0, the day after as -1', () => {
  expect(daysUntil('2027-05-20', new Date(2027, 4, 20, 12))).toBe(0);
  expect(daysUntil('2027-05-20', new Date(2027, 4, 21, 0, 1))).toBe(-1);
});

test('a secret is urgent in its last 30 days and expired only after its last day', () => {
  expect([31, 30, 0, -1].map(expiryUrgency)).toEqual(['fine', 'soon', 'soon', 'expired']);
});
