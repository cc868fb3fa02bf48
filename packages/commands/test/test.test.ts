import { expect, test } from 'vitest';
import { judged } from '../src/test.ts';

test('a runner that ran nothing, ended badly or left no report counts as failed', () => {
  expect(judged(0, { passed: 4, failed: 0 })).toEqual({ passed: 4, failed: 0 });
  expect(judged(0, { passed: 0, failed: 0 })).toEqual({ passed: 0, failed: 1 });
  expect(judged(1, { passed: 4, failed: 0 })).toEqual({ passed: 4, failed: 1 });
  expect(judged(1, { passed: 4, failed: 2 })).toEqual({ passed: 4, failed: 2 });
  expect(judged(0, null)).toEqual({ passed: 0, failed: 1 });
});
