import { useBlocker } from '@tanstack/react-router';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

/**
 * While `active`, asks before leaving the page (a link, the back button, closing the tab). Filters in the query may
 * change.
 */
export function LeaveGuard({
  active,
  title,
  text,
  leave,
}: {
  active: boolean;
  title: string;
  text: string;
  leave: string;
}) {
  const { stay } = useText('shell');
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => active && current.pathname !== next.pathname,
    enableBeforeUnload: () => active,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      title={title}
      onClose={blocker.reset}
      footer={
        <>
          <Button onClick={blocker.reset}>{stay}</Button>
          <Button variant="destructive" onClick={blocker.proceed}>
            {leave}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Modal>
  );
}
