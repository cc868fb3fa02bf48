import type { DoctorRunView } from '@argus/contract/endpoints/diagnosis';
import { isErrorCode } from '@argus/contract/errors/error-catalogue';
import { AppError } from '../platform/problems/app-error.ts';
import type { DoctorRun, DoctorStep } from './records/doctor-runs.ts';

/** How far a run is. One whose process is gone never ended: its lease, or its key, is over. */
export function stateOf(run: DoctorRun, now: Date): DoctorRunView['state'] {
  if (run.endedAt !== null) return 'ended';
  return run.activeKey === null || run.leaseUntil <= now ? 'interrupted' : 'running';
}

/** The first step that failed, in the order of the steps. */
export function firstFailureOf(run: DoctorRun): DoctorStep | undefined {
  return run.steps.find(({ state }) => state === 'failed');
}

/** The error of a failed step. A code that this version does not know was written by a later one. */
export function errorOfStep({ code = '', params = {} }: DoctorStep): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal_error', params);
}

/** The steps of a run as they are shown: in a run that was broken off nothing waits any more. */
export function shownSteps(run: DoctorRun, now: Date): readonly DoctorStep[] {
  if (stateOf(run, now) !== 'interrupted') return run.steps;
  return run.steps.map((step) =>
    step.state === 'waiting' || step.state === 'running' ? { ...step, state: 'not_reached' } : step,
  );
}
