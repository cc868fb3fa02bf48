import { expect, test } from 'vitest';
import { readWholeNumber } from './read-whole-number.ts';

test('a whole number is read in half and full width, with blanks around it', () => {
  expect([' 10 ', '１２', '-1', '007'].map(readWholeNumber)).toEqual([10, 12, -1, 7]);
});

test.each(['', '  ', '1.5', '1e3', '十', '10秒', '99999999999'])('%j holds no whole number', (text) => {
  expect(readWholeNumber(text)).toBeUndefined();
});
