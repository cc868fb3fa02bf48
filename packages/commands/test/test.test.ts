import { expect, test } from 'vitest';
import { fromPlaywrightReport, fromVitestReport, judged } from '../src/test.ts';

test('vitest’s report is counted, a file that does not load as one failure', () => {
  const report = (numPassedTests: number, numFailedTests: number, numFailedTestSuites: number) =>
    fromVitestReport(JSON.stringify({ numPassedTests, numFailedTests, numFailedTestSuites }));
  expect(report(7, 0, 0)).toEqual({ passed: 7, failed: 0 });
  expect(report(5, 2, 3)).toEqual({ passed: 5, failed: 2 });
  expect(report(5, 0, 1)).toEqual({ passed: 5, failed: 1 });
});

test('Playwright’s report is counted, errors outside of tests as failures', () => {
  const report = (stats: object, errors: unknown[]) => fromPlaywrightReport(JSON.stringify({ stats, errors }));
  expect(report({ expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, [])).toEqual({ passed: 4, failed: 1 });
  expect(report({ expected: 3, unexpected: 0, flaky: 0, skipped: 0 }, [{}])).toEqual({ passed: 3, failed: 1 });
});

test('a runner that ran nothing, ended badly or left no report has failed', () => {
  expect(judged(0, { passed: 4, failed: 0 })).toEqual({ passed: 4, failed: 0 });
  expect(judged(0, { passed: 0, failed: 0 })).toEqual({ passed: 0, failed: 1 });
  expect(judged(1, { passed: 4, failed: 0 })).toEqual({ passed: 4, failed: 1 });
  expect(judged(1, { passed: 4, failed: 2 })).toEqual({ passed: 4, failed: 2 });
  expect(judged(0, null)).toEqual({ passed: 0, failed: 1 });
});
