import { expect, test } from 'vitest';
import { plainDirection } from './plain-direction.ts';

test('people 31: a file name cannot be turned round, and writing from right to left stays as it is', () => {
  expect(plainDirection('\u202egnp.exe\u202c 重要')).toBe('gnp.exe 重要');
  expect(plainDirection('a\u2066b\u2069\u200e\u200f\u061c')).toBe('ab');
  expect(plainDirection('שלום 👨\u200d👩\u200d👧 مرحبا')).toBe('שלום 👨\u200d👩\u200d👧 مرحبا');
});
