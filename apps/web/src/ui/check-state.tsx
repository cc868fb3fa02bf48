import { Icon, type IconTone } from './icon.tsx';
import type { IconName } from './icon-names.ts';

/** The progress and result of a check. */
type CheckState = 'waiting' | 'running' | 'ok' | 'failed' | 'cannot_check' | 'not_reached' | 'interrupted';

const looks: Readonly<Record<CheckState, { icon: IconName; tone: IconTone }>> = {
  waiting: { icon: 'utility:clock', tone: 'light' },
  running: { icon: 'utility:sync', tone: 'brand' },
  ok: { icon: 'utility:success', tone: 'success' },
  failed: { icon: 'utility:error', tone: 'error' },
  cannot_check: { icon: 'utility:question', tone: 'default' },
  not_reached: { icon: 'utility:dash', tone: 'light' },
  interrupted: { icon: 'utility:ban', tone: 'warning' },
};

/** The icon of a check's state; the word beside it conveys the same. It turns while the check is running. */
export function CheckIcon({ state }: { state: CheckState }) {
  const { icon, tone } = looks[state];
  return (
    <span className={state === 'running' ? 'argus-check-icon argus-turning' : 'argus-check-icon'}>
      <Icon name={icon} tone={tone} />
    </span>
  );
}
