import type { AdminDetail, Problem } from '@argus/contract/errors/problem';
import { ProblemError, UnreachableError } from './api-client.ts';

/** An error for the error view, whether reported by the API or detected by the browser. */
export interface ShownProblem {
  /** A catalogue code, or one of the browser's own: `browser_offline`, `browser_no_answer`, `browser_foreign_answer`, `browser_fault`. */
  readonly code: string;
  readonly lines: readonly string[];
  readonly retry: Problem['retry']['kind'];
  /** Before this moment another try is not sensible. Milliseconds since the epoch; null if there is no wait. */
  readonly retryAt: number | null;
  readonly errorId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly helpDeskText?: string | undefined;
  readonly accounts?: Problem['accounts'];
  readonly admin?: AdminDetail | undefined;
}

/** The texts for faults that the API cannot report itself. */
export interface BrowserFaultTexts {
  readonly offline: readonly string[];
  readonly noAnswer: readonly string[];
  readonly foreignAnswer: readonly string[];
  readonly fault: readonly string[];
}

/**
 * @param receivedAt when the problem arrived, in milliseconds since the epoch; a wait counts from here, as clocks
 * differ.
 */
export function fromProblem(problem: Problem, receivedAt: number): ShownProblem {
  const { kind, afterSeconds, notBefore } = problem.retry;
  let retryAt: number | null = null;
  if (kind === 'later') {
    if (afterSeconds !== undefined) retryAt = receivedAt + afterSeconds * 1000;
    else if (notBefore !== undefined) retryAt = Date.parse(notBefore);
  }
  return {
    code: problem.code,
    lines: problem.lines,
    retry: kind,
    retryAt,
    errorId: problem.errorId,
    occurredAt: Date.parse(problem.occurredAt),
    helpDeskText: problem.helpDeskText,
    accounts: problem.accounts,
    admin: problem.admin,
  };
}

/** Any error that a query, a mutation or a render threw. */
export function fromError(error: unknown, texts: BrowserFaultTexts): ShownProblem {
  if (error instanceof ProblemError) return fromProblem(error.problem, error.receivedAt);
  if (error instanceof UnreachableError) {
    const lines = { offline: texts.offline, no_answer: texts.noAnswer, foreign_answer: texts.foreignAnswer };
    return {
      code: `browser_${error.reason}`,
      lines: lines[error.reason],
      retry: 'now',
      retryAt: null,
      occurredAt: error.receivedAt,
    };
  }
  return { code: 'browser_fault', lines: texts.fault, retry: 'now', retryAt: null, occurredAt: Date.now() };
}
