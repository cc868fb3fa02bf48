import type { Problem } from '@argus/contract/errors/problem';
import { expect, test } from 'vitest';
import { ProblemError, UnreachableError } from './api-client.ts';
import { fromError, fromProblem } from './shown-problem.ts';

const texts = { offline: ['offline'], noAnswer: ['none'], foreignAnswer: ['foreign'], fault: ['fault'] };

function problem(retry: Problem['retry']): Problem {
  return {
    type: '/errors/mail_timeout',
    title: 'a',
    status: 504,
    detail: 'a\nb',
    code: 'mail_timeout',
    lines: ['a', 'b'],
    retry,
    occurredAt: '2026-11-21T09:00:00.000Z',
  };
}

test('a wait counts from when the reply came, so that a wrong clock does not matter', () => {
  const later = { kind: 'later', afterSeconds: 20, notBefore: '2030-01-01T00:00:00Z' } as const;
  expect(fromProblem(problem(later), 1_000).retryAt).toBe(21_000);
});

test('without a number of seconds the given time counts', () => {
  const later = { kind: 'later', notBefore: '2026-11-21T09:00:30.000Z' } as const;
  expect(fromProblem(problem(later), 1_000).retryAt).toBe(Date.parse('2026-11-21T09:00:30.000Z'));
});

test('there is no wait if a retry makes sense at once, or never', () => {
  expect(fromProblem(problem({ kind: 'now', afterSeconds: 9 }), 1_000).retryAt).toBeNull();
  expect(fromProblem(problem({ kind: 'no' }), 1_000).retryAt).toBeNull();
});

test('every kind of failure has a code and words', () => {
  expect(fromError(new ProblemError(problem({ kind: 'now' })), texts)).toMatchObject({ code: 'mail_timeout' });
  expect(fromError(new UnreachableError('offline'), texts)).toMatchObject({
    code: 'browser_offline',
    lines: ['offline'],
  });
  expect(fromError(new UnreachableError('no_answer'), texts)).toMatchObject({ lines: ['none'] });
  expect(fromError(new UnreachableError('foreign_answer'), texts)).toMatchObject({ lines: ['foreign'] });
  expect(fromError(new TypeError('x is not a function'), texts)).toMatchObject({
    code: 'browser_fault',
    lines: ['fault'],
  });
});
