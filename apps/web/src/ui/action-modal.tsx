import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

/** What the button does: it calls a function, or submits the form with this id inside the modal. */
export type ModalAction = { onConfirm: () => void } | { form: string };

/** A modal with キャンセル and one action. */
export function ActionModal(
  props: {
    title: string;
    /** The button's label: a verb, never "OK". */
    action: string;
    destructive?: boolean;
    busy: boolean;
    onClose: () => void;
    children: ReactNode;
  } & ModalAction,
) {
  const { title, action, destructive = false, busy, onClose, children } = props;
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
      {children}
    </Modal>
  );
}
