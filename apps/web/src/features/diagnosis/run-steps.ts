import type { DoctorRunView, DoctorStep, DoctorStepId, DoctorStepState } from '@argus/contract/endpoints/diagnosis';

type StepGroup = 'settings' | 'sites' | 'network' | 'entra' | 'user' | 'mail';

const groupOf: Readonly<Record<DoctorStepId, StepGroup>> = {
  suffix: 'settings',
  provider: 'settings',
  authorize_url: 'settings',
  token_site: 'sites',
  mail_site: 'sites',
  token_dns: 'network',
  token_tls: 'network',
  mail_dns: 'network',
  mail_tls: 'network',
  token_endpoint: 'entra',
  client_secret: 'entra',
  link: 'user',
  grant: 'user',
  refresh: 'user',
  identity: 'user',
  account_match: 'user',
  mailbox: 'mail',
  messages: 'mail',
};

/** The steps grouped under their headings, in run order. */
export function groupSteps(steps: readonly DoctorStep[]): { group: StepGroup; steps: DoctorStep[] }[] {
  const groups: { group: StepGroup; steps: DoctorStep[] }[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.group === groupOf[step.id]) last.steps.push(step);
    else groups.push({ group: groupOf[step.id], steps: [step] });
  }
  return groups;
}

/** The displayed state of a step: in an interrupted run none waits or runs any more. */
export function shownState(run: DoctorRunView['state'], step: DoctorStepState): DoctorStepState | 'interrupted' {
  if (run === 'running') return step;
  if (step === 'running') return 'interrupted';
  return step === 'waiting' ? 'not_reached' : step;
}

/** Whether a run has already started: in a new one all steps are waiting. */
export function hasBegun({ steps }: Pick<DoctorRunView, 'steps'>): boolean {
  return steps.some(({ state }) => state !== 'waiting');
}

/** The progress of a run, by its steps. */
interface RunCounts {
  readonly total: number;
  /** Finished, whatever the result. */
  readonly done: number;
  readonly failed: number;
  /** Neither good nor bad: cannot be checked, or not reached. */
  readonly unchecked: number;
}

export function countSteps(steps: readonly Pick<DoctorStep, 'state'>[]): RunCounts {
  const are = (...states: DoctorStepState[]) => steps.filter(({ state }) => states.includes(state)).length;
  return {
    total: steps.length,
    done: steps.length - are('waiting', 'running'),
    failed: are('failed'),
    unchecked: are('cannot_check', 'not_reached'),
  };
}
