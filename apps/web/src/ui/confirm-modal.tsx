import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { Modal } from './modal.tsx';

/** Asks before something that cannot be undone or that others will notice. Stays open, with the error, where it failed. */
export function ConfirmModal(props: {
  title: string;
  children: ReactNode;
  /** What the button does: a verb, never "OK". */
  action: string;
  destructive?: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { title, children, action, destructive = true, busy, error, onConfirm, onClose } = props;
  const { cancel } = useText('common');
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button variant={destructive ? 'destructive' : 'brand'} busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {error ? <ErrorViewOf error={error} /> : null}
      <div className="argus-prose">{children}</div>
    </Modal>
  );
}
