import { useBlocker } from '@tanstack/react-router';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

/** Put into a form: while `dirty`, leaving the page asks first (a link, the back button, closing the tab). Filters in the query may change. */
export function UnsavedChanges({ dirty }: { dirty: boolean }) {
  const words = useText('shell');
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      title={words.leaveTitle}
      onClose={blocker.reset}
      footer={
        <>
          <Button onClick={blocker.reset}>{words.stay}</Button>
          <Button variant="destructive" onClick={blocker.proceed}>
            {words.leave}
          </Button>
        </>
      }
    >
      <p>{words.leaveText}</p>
    </Modal>
  );
}
