import { type DoctorReason, type DoctorStepId, doctorStepIds } from '@argus/contract/endpoints/diagnosis';
import type { Deadline } from '@argus/egress/deadline';
import type { AppError } from '../platform/problems/app-error.ts';
import type { DoctorFact, DoctorStep } from './records/doctor-runs.ts';

/** How a step ended. An error that it throws becomes `failed`. */
export type Finding =
  | { readonly state: 'ok' }
  | { readonly state: 'cannot_check'; readonly reason: DoctorReason }
  | { readonly state: 'not_reached'; readonly reason?: DoctorReason }
  | { readonly state: 'failed'; readonly error: AppError };

/**
 * What a step receives: a place for its facts, which stay however it ends; a clock for its calls; and the findings of
 * other steps.
 */
export interface Notes {
  note(...facts: readonly DoctorFact[]): void;
  /** Runs a call, and counts its time as the step's latency. */
  timed<T>(call: () => Promise<T>): Promise<T>;
  /** Another step's finding, once it has settled. */
  finding(id: DoctorStepId): Promise<Finding>;
}

/** One step. It starts once all steps that it needs have settled without failing. */
export interface Examiner {
  readonly id: DoctorStepId;
  readonly needs: readonly DoctorStepId[];
  /** Steps it waits for, whatever their findings. */
  readonly after?: readonly DoctorStepId[];
  examine(notes: Notes): Promise<Finding>;
}

export const ok: Finding = { state: 'ok' };
export const cannotCheck = (reason: DoctorReason): Finding => ({ state: 'cannot_check', reason });
export const failed = (error: AppError): Finding => ({ state: 'failed', error });
export const notReached: Finding = { state: 'not_reached' };

/** The steps of a run that has not started. */
export const waitingSteps: readonly DoctorStep[] = doctorStepIds.map((id) => ({
  id,
  state: 'waiting',
  latencyMs: null,
  reason: null,
  facts: [],
}));

/** `ok` and `cannot_check` let dependents run. */
const lets = ({ state }: Finding) => state === 'ok' || state === 'cannot_check';

/**
 * Runs every step as soon as the steps it needs have settled; independent steps run concurrently. After the deadline
 * no step starts; a running step ends by the same deadline.
 * @param options.explain translates what a step throws into an error of the catalogue
 * @param options.onChange receives all steps whenever one of them changes
 */
export async function runExamination(
  examiners: readonly Examiner[],
  options: {
    readonly deadline: Deadline;
    readonly now: () => Date;
    readonly explain: (error: unknown) => AppError;
    readonly onChange: (steps: readonly DoctorStep[]) => void;
  },
): Promise<readonly DoctorStep[]> {
  const { deadline, now, explain, onChange } = options;
  const steps = new Map(waitingSteps.map((step) => [step.id, step]));
  const found = new Map<DoctorStepId, Promise<Finding>>();
  const change = (step: DoctorStep) => {
    steps.set(step.id, step);
    onChange([...steps.values()]);
  };

  async function finding(id: DoctorStepId): Promise<Finding> {
    const begun = found.get(id);
    if (!begun) throw new Error(`There is no step ${id}.`);
    return begun;
  }

  async function run({ id, needs, after = [], examine }: Examiner): Promise<Finding> {
    // All steps must be registered before one looks up another.
    await Promise.resolve();
    const needed = await Promise.all(needs.map(finding));
    await Promise.all(after.map(finding));
    const noted: DoctorFact[] = [];
    let latencyMs: number | null = null;
    const settle = (outcome: Finding) => {
      const { state } = outcome;
      const reason = 'reason' in outcome ? (outcome.reason ?? null) : null;
      const step = { id, state, latencyMs, reason, facts: noted };
      const { code, params } = state === 'failed' ? outcome.error : {};
      change(code && params ? { ...step, code, params, failedAt: now().toISOString() } : step);
      return outcome;
    };
    if (!needed.every(lets)) return settle(notReached);
    if (deadline.expired) return settle({ state: 'not_reached', reason: 'out_of_time' });
    change({ id, state: 'running', latencyMs: null, reason: null, facts: [] });
    const notes: Notes = {
      finding,
      note: (...facts) => noted.push(...facts),
      async timed(call) {
        const started = performance.now();
        try {
          return await call();
        } finally {
          latencyMs = (latencyMs ?? 0) + Math.round(performance.now() - started);
        }
      },
    };
    return settle(await examine(notes).catch((error: unknown) => failed(explain(error))));
  }

  for (const examiner of examiners) found.set(examiner.id, run(examiner));
  await Promise.all(found.values());
  return [...steps.values()];
}
