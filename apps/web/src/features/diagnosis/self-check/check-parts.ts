import type { DoctorStepId, DoctorStepState, SelfCheckView } from '@argus/contract/endpoints/diagnosis';

/** The parts that matter to a user: the eighteen steps are for administrators. */
type CheckPart = 'settings' | 'connection' | 'authorization' | 'mail';

const partOf: Readonly<Record<DoctorStepId, CheckPart>> = {
  suffix: 'settings',
  provider: 'settings',
  authorize_url: 'settings',
  token_site: 'settings',
  mail_site: 'settings',
  token_dns: 'connection',
  token_tls: 'connection',
  mail_dns: 'connection',
  mail_tls: 'connection',
  token_endpoint: 'connection',
  client_secret: 'connection',
  link: 'authorization',
  grant: 'authorization',
  refresh: 'authorization',
  identity: 'authorization',
  account_match: 'authorization',
  mailbox: 'mail',
  messages: 'mail',
};

const checkParts: readonly CheckPart[] = ['settings', 'connection', 'authorization', 'mail'];

export interface PartResult {
  readonly part: CheckPart;
  readonly state: DoctorStepState;
  /** Successful as far as checked: some of it could not be checked. */
  readonly partly: boolean;
}

/** The parts of a check, each with the result of its steps. */
export function resultsOf({ state, steps }: Pick<SelfCheckView, 'state' | 'steps'>): PartResult[] {
  return checkParts.map((part) => {
    const states = steps.filter(({ id }) => partOf[id] === part).map((step) => step.state);
    const has = (wanted: DoctorStepState) => states.includes(wanted);
    const open = has('waiting') || has('running');
    if (has('failed')) return { part, state: 'failed', partly: false };
    if (open && state === 'running') {
      const begun = states.some((each) => each !== 'waiting');
      return { part, state: begun ? 'running' : 'waiting', partly: false };
    }
    // An interrupted check got no further.
    if (has('not_reached') || open || states.length === 0) return { part, state: 'not_reached', partly: false };
    if (!has('ok')) return { part, state: 'cannot_check', partly: false };
    return { part, state: 'ok', partly: has('cannot_check') };
  });
}
