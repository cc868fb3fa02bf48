import type { CsvImportState } from '@argus/contract/endpoints/imports/csv-imports';
import { expect, test } from 'vitest';
import { type Counts, changesOf, firstKind, isMoving, stepOf } from './import-step.ts';

const none: Counts = {
  error: 0,
  added: 0,
  changed: 0,
  respelled: 0,
  unchanged: 0,
  removed: 0,
  unmatched: 0,
  accountsCreated: 0,
  disconnected: 0,
};
const view = (state: CsvImportState, appliedAt: string | null = null, counts: Counts | null = null) => ({
  state,
  appliedAt,
  counts,
});

test.each([
  ['receiving', 'file', true],
  ['reading', 'review', true],
  ['refused', 'review', false],
  ['ready', 'review', false],
  ['applying', 'apply', true],
  ['applied', 'done', false],
  ['undoing', 'done', true],
  ['undone', 'done', false],
  ['cancelled', 'file', false],
] as const)('an import that is %s is at the step %s', (state, step, moving) => {
  expect(stepOf(view(state))).toBe(step);
  expect(isMoving({ state })).toBe(moving);
});

test('a failed import is at the step where it was interrupted', () => {
  expect(stepOf(view('failed'))).toBe('review');
  expect(stepOf(view('failed', null, none))).toBe('apply');
  expect(stepOf(view('failed', '2026-11-21T09:00:00Z', none))).toBe('done');
});

test('the most important kind of row is shown first', () => {
  expect(firstKind(none)).toBeUndefined();
  expect(firstKind({ ...none, unchanged: 5 })).toBe('unchanged');
  expect(firstKind({ ...none, unchanged: 5, added: 900 })).toBe('added');
  expect(firstKind({ ...none, unmatched: 9, added: 1 })).toBe('added');
  expect(firstKind({ ...none, unmatched: 1, unchanged: 9 })).toBe('unmatched');
  expect(firstKind({ ...none, added: 900, removed: 1 })).toBe('removed');
  expect(firstKind({ ...none, added: 900, removed: 1, changed: 1 })).toBe('removed');
  expect(firstKind({ ...none, changed: 900, error: 1 })).toBe('error');
});

test('rows without a change are no changes', () => {
  expect(changesOf({ ...none, error: 1, unchanged: 2 })).toBe(0);
  expect(changesOf({ ...none, added: 1, changed: 2, respelled: 4, removed: 8, unchanged: 16, unmatched: 32 })).toBe(15);
});
