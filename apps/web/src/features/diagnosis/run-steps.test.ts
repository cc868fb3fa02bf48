import type { DoctorStep, DoctorStepId, DoctorStepState } from '@argus/contract/endpoints/diagnosis';
import { expect, test } from 'vitest';
import { countSteps, groupSteps, hasBegun, shownState } from './run-steps.ts';

const step = (id: DoctorStepId, state: DoctorStepState = 'ok'): DoctorStep => ({
  id,
  state,
  latencyMs: null,
  reason: null,
  facts: [],
});

test('steps stand under their headings, in the order of the run', () => {
  const run = [step('suffix'), step('provider'), step('mail_site'), step('token_dns'), step('grant'), step('messages')];
  expect(groupSteps(run).map(({ group, steps }) => [group, steps.map(({ id }) => id)])).toEqual([
    ['settings', ['suffix', 'provider']],
    ['sites', ['mail_site']],
    ['network', ['token_dns']],
    ['user', ['grant']],
    ['mail', ['messages']],
  ]);
});

test('in an interrupted run, no step is waiting or running any more', () => {
  expect(shownState('interrupted', 'running')).toBe('interrupted');
  expect(shownState('interrupted', 'waiting')).toBe('not_reached');
  expect(shownState('interrupted', 'failed')).toBe('failed');
  expect(shownState('running', 'waiting')).toBe('waiting');
});

test('what could not be checked counts neither as good nor as failed', () => {
  const run = [
    step('suffix'),
    step('provider', 'failed'),
    step('grant', 'cannot_check'),
    step('messages', 'not_reached'),
    step('mailbox', 'running'),
    step('refresh', 'waiting'),
  ];
  expect(countSteps(run)).toEqual({ total: 6, done: 4, failed: 1, unchecked: 2 });
});

test('a run with a step that is known or under way is not a new one', () => {
  expect(hasBegun({ steps: [step('suffix', 'waiting'), step('provider', 'waiting')] })).toBe(false);
  expect(hasBegun({ steps: [step('suffix', 'running'), step('provider', 'waiting')] })).toBe(true);
  expect(hasBegun({ steps: [step('suffix'), step('provider', 'waiting')] })).toBe(true);
});
