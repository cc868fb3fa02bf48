import { expect, test } from 'vitest';
import { fromPlaywrightReport, fromVitestReport, judged } from '../src/tally.ts';

test('a runner that ran nothing, ended badly or left no report counts as failed', () => {
  const four = { passed: 4, failed: 0, told: [] };
  expect(judged(0, four)).toEqual(four);
  expect(judged(0, { ...four, passed: 0 })).toMatchObject({ passed: 0, failed: 1 });
  expect(judged(1, four)).toMatchObject({ passed: 4, failed: 1, told: [expect.stringContaining('ended with 1')] });
  expect(judged(1, { ...four, failed: 2 })).toEqual({ ...four, failed: 2 });
  expect(judged(0, null)).toMatchObject({ passed: 0, failed: 1 });
});

test('a test that failed, one that passed only on retry and a file that did not load are named with their error', () => {
  const result = (fullName: string, status: string, ...failureMessages: string[]) => ({
    fullName,
    status,
    failureMessages,
  });
  const report = JSON.stringify({
    numPassedTests: 2,
    numFailedTests: 1,
    numFailedTestSuites: 2,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          result('one', 'passed'),
          result('two', 'passed', 'Error: too late\n  at x'),
          result('three', 'failed', 'Error: \u001B[31mwrong\u001B[39m'),
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
    ],
  });
  expect(fromVitestReport(report)).toEqual({
    passed: 2,
    failed: 1,
    told: [
      'flaky: a.test.ts › two: Error: too late',
      'failed: a.test.ts › three: Error: wrong',
      'failed: b.test.ts › the file itself: does not load',
    ],
  });
});

test('a scenario that failed or was flaky is named, however deep it stands', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: message ? [{ error: { message } }] : [{}] }],
  });
  const report = JSON.stringify({
    stats: { expected: 1, unexpected: 1, flaky: 1 },
    errors: [],
    suites: [
      {
        specs: [spec('fine', 'expected')],
        suites: [{ specs: [spec('late', 'flaky', 'Timeout'), spec('bad', 'unexpected', 'Error: no\nmore')] }],
      },
    ],
  });
  expect(fromPlaywrightReport(report)).toEqual({
    passed: 2,
    failed: 1,
    told: ['flaky: a.spec.ts › late: Timeout', 'failed: a.spec.ts › bad: Error: no'],
  });
});
