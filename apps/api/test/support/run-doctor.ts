import { setTimeout as sleep } from 'node:timers/promises';
import type {
  DoctorRunView,
  DoctorStep,
  DoctorStepId,
  DoctorStepState,
  SelfCheckView,
} from '@argus/contract/endpoints/diagnosis';
import type { Browser } from './build-app.ts';

const pollMs = 30;

/** Starts 接続診断 for a user, or without one, and waits for its end. */
export async function runDoctor(admin: Browser, username: string | null): Promise<DoctorRunView> {
  const { id } = await admin.call('POST /api/admin/doctor-runs', { body: { username } });
  return endOf(admin, id);
}

export async function endOf(admin: Browser, id: string): Promise<DoctorRunView> {
  for (;;) {
    const run = await admin.call('GET /api/admin/doctor-runs/:id', { params: { id } });
    if (run.state !== 'running') return run;
    await sleep(pollMs);
  }
}

/** Starts a user's own check and waits for its end. */
export async function runSelfCheck(user: Browser): Promise<SelfCheckView> {
  const { id } = await user.call('POST /api/authorization/self-checks');
  for (;;) {
    const check = await user.call('GET /api/authorization/self-checks/:id', { params: { id } });
    if (check.state !== 'running') return check;
    await sleep(pollMs);
  }
}

export function stepOf(run: DoctorRunView, id: DoctorStepId): DoctorStep {
  const step = run.steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
}

/** The value of a step's fact. */
export function factOf(run: DoctorRunView, id: DoctorStepId, name: string): string | undefined {
  return stepOf(run, id).facts.find((fact) => fact.name === name)?.value;
}

/** The ids of the steps in one state. */
export function stepsThat(run: { steps: { id: DoctorStepId; state: DoctorStepState }[] }, state: DoctorStepState) {
  return run.steps.filter((step) => step.state === state).map(({ id }) => id);
}
