import type { DoctorRunView } from '@argus/contract/endpoints/diagnosis';
import { isErrorCode } from '@argus/contract/errors/error-catalogue';
import { AppError } from '../platform/problems/app-error.ts';
import type { DoctorRun, DoctorStep } from './records/doctor-runs.ts';

/** The state of a run. If its process died, it never ended: its lease has expired, or it lost its key. */
export function stateOf(run: DoctorRun, now: Date): DoctorRunView['state'] {
  if (run.endedAt !== null) return 'ended';
  return run.activeKey === null || run.leaseUntil <= now ? 'interrupted' : 'running';
}

/** The first failed step, in step order. */
export function firstFailureOf(run: Pick<DoctorRun, 'steps'>): DoctorStep | undefined {
  return run.steps.find(({ state }) => state === 'failed');
}

/** The error of a failed step. A later version wrote a code that this version does not know. */
export function errorOfStep({ code = '', params = {} }: DoctorStep): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal_error', params);
}

/** The steps of a run for display: in an interrupted run no step waits any more. */
export function shownSteps(run: DoctorRun, now: Date): readonly DoctorStep[] {
  if (stateOf(run, now) !== 'interrupted') return run.steps;
  return run.steps.map((step) =>
    step.state === 'waiting' || step.state === 'running' ? { ...step, state: 'not_reached' } : step,
  );
}
