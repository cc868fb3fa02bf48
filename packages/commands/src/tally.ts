/** What a test runner found. */
export interface Tally {
  readonly passed: number;
  /** Includes tests that should have run but did not. */
  readonly failed: number;
  /** A line for each test that failed, or that passed only when it was tried again: where, its name and the first line of its error. */
  readonly told: readonly string[];
}

// A runner colours its messages.
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const colours = /\u001B\[[0-9;]*m/g;

function firstLine(message = ''): string {
  return message.replace(colours, '').split('\n', 1)[0]?.slice(0, 300) ?? '';
}

function tell(word: 'failed' | 'flaky', where: string, title: string, message: string | undefined): string {
  return `${word}: ${where} › ${title}: ${firstLine(message)}`;
}

interface VitestReport {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numFailedTestSuites?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      /** Errors of every try, also of a test that passed in the end. */
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Reads vitest's JSON report. */
export function fromVitestReport(report: string): Tally {
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults = [] } = JSON.parse(report) as VitestReport;
  // A file that does not load has no test to count.
  const unloaded = (numFailedTests ?? 0) === 0 ? (numFailedTestSuites ?? 0) : 0;
  const told = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.flatMap((test) => {
      const [error] = test.failureMessages ?? [];
      if (test.status === 'failed') return [tell('failed', name, test.fullName, error)];
      return error === undefined ? [] : [tell('flaky', name, test.fullName, error)];
    });
    const fileFailed = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    return fileFailed ? [...tests, tell('failed', name, 'the file itself', message)] : tests;
  });
  return { passed: numPassedTests ?? 0, failed: (numFailedTests ?? 0) + unloaded, told };
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly {
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

function toldBy({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests.flatMap(({ status, results }) => {
      const error = results.find((result) => result.error)?.error?.message;
      if (status === 'unexpected') return [tell('failed', file, title, error)];
      return status === 'flaky' ? [tell('flaky', file, title, error)] : [];
    }),
  );
  return [...own, ...suites.flatMap(toldBy)];
}

/** Reads Playwright's JSON report. A flaky test passed in the end. */
export function fromPlaywrightReport(report: string): Tally {
  const { stats, errors, suites } = JSON.parse(report) as {
    readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
    readonly errors: readonly { readonly message?: string }[];
    readonly suites?: readonly PlaywrightSuite[];
  };
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    told: [...toldBy(suites ? { suites } : {}), ...errors.map(({ message }) => `failed: ${firstLine(message)}`)],
  };
}

/** A runner that wrote no report, ran nothing, or failed without a failed test counts as one failure. */
export function judged(code: number, tally: Tally | null): Tally {
  if (tally === null) return { passed: 0, failed: 1, told: ['failed: a runner that left no report'] };
  const silent = tally.failed === 0 && (code !== 0 || tally.passed === 0);
  return silent
    ? { ...tally, failed: 1, told: [...tally.told, `failed: a runner that ended with ${code} and names no test`] }
    : tally;
}
