import type { DoctorStepId, DoctorStepState, SelfCheckView } from '@argus/contract/endpoints/diagnosis';
import { expect, test } from 'vitest';
import { resultsOf } from './check-parts.ts';

function statesOf(steps: Partial<Record<DoctorStepId, DoctorStepState>>, state: SelfCheckView['state'] = 'ended') {
  const listed = Object.entries(steps).map(([id, each]) => ({ id: id as DoctorStepId, state: each }));
  return resultsOf({ state, steps: listed }).map((result) => `${result.state}${result.partly ? ' partly' : ''}`);
}

test('a part is good once all its steps are', () => {
  expect(statesOf({ suffix: 'ok', token_dns: 'ok', grant: 'ok', messages: 'ok' })).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('one failure makes the part a failure, whatever the others say', () => {
  expect(
    statesOf({ suffix: 'ok', token_dns: 'ok', client_secret: 'failed', grant: 'ok', messages: 'not_reached' }),
  ).toEqual(['ok', 'failed', 'ok', 'not_reached']);
});

test('a step that could not be checked makes no part good, but a part with other good steps is partly good', () => {
  expect(
    statesOf({ suffix: 'ok', token_tls: 'cannot_check', token_dns: 'ok', grant: 'ok', mailbox: 'cannot_check' }),
  ).toEqual(['ok', 'ok partly', 'ok', 'cannot_check']);
});

test('a part that was not completed is not good', () => {
  expect(statesOf({ suffix: 'ok', token_dns: 'ok', grant: 'ok', refresh: 'not_reached', messages: 'ok' })[2]).toBe(
    'not_reached',
  );
});

test('while the check is under way, a part waits, then runs', () => {
  const steps = { suffix: 'ok', provider: 'running', token_dns: 'waiting', link: 'ok', grant: 'waiting' } as const;
  expect(statesOf({ ...steps, messages: 'waiting' }, 'running')).toEqual(['running', 'waiting', 'running', 'waiting']);
  expect(statesOf({ ...steps, messages: 'waiting' }, 'interrupted')).toEqual([
    'not_reached',
    'not_reached',
    'not_reached',
    'not_reached',
  ]);
});
