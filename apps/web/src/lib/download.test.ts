import { expect, test } from 'vitest';
import { fileNameOf } from './download.ts';

test('the name of a file is read from Content-Disposition, its extended form first', () => {
  expect(fileNameOf('attachment; filename="a.csv"')).toBe('a.csv');
  expect(fileNameOf('attachment; filename="x.csv"; filename*=UTF-8\'\'%E6%8B%9B%E5%BE%85.csv')).toBe('招待.csv');
  expect(fileNameOf("attachment; filename*=UTF-8''%E6; filename=plain.csv")).toBe('plain.csv');
  expect(fileNameOf('attachment')).toBeUndefined();
  expect(fileNameOf(null)).toBeUndefined();
});
