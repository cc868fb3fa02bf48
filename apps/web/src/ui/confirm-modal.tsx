import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { Modal } from './modal.tsx';

/**
 * Asks before something that cannot be undone or that others will notice. On failure it stays open and shows the
 * error.
 */
export function ConfirmModal(
  props: {
    title: string;
    children: ReactNode;
    /** The button's action: a verb, never "OK". */
    action: string;
    destructive?: boolean;
    busy: boolean;
    error: unknown;
    onClose: () => void;
  } & (
    | { onConfirm: () => void }
    /** The id of a form inside it, which the button submits. */
    | { form: string }
  ),
) {
  const { title, children, action, destructive = true, busy, error, onClose } = props;
  const { cancel } = useText('common');
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button
            variant={destructive ? 'destructive' : 'brand'}
            busy={busy}
            {...('form' in props ? { type: 'submit', form: props.form } : { onClick: props.onConfirm })}
          >
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
