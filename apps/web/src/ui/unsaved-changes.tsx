import { useText } from '../i18n/text-context.tsx';
import { LeaveGuard } from './leave-guard.tsx';

/** For use in a form: while `dirty`, leaving the page asks first. */
export function UnsavedChanges({ dirty }: { dirty: boolean }) {
  const { leaveTitle, leaveText, leave } = useText('shell');
  return <LeaveGuard active={dirty} title={leaveTitle} text={leaveText} leave={leave} />;
}
