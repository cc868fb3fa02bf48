import type { ReactNode } from 'react';
import { ActionModal, type ModalAction } from './action-modal.tsx';
import { ErrorViewOf } from './error-view.tsx';

/**
 * Asks before something that cannot be undone or that others will notice. On failure it stays open and shows the
 * error.
 */
export function ConfirmModal(
  props: {
    title: string;
    children: ReactNode;
    action: string;
    destructive?: boolean;
    busy: boolean;
    error: unknown;
    onClose: () => void;
  } & ModalAction,
) {
  const { children, error, destructive = true, ...modal } = props;
  return (
    <ActionModal {...modal} destructive={destructive}>
      {error ? <ErrorViewOf error={error} /> : null}
      <div className="argus-prose">{children}</div>
    </ActionModal>
  );
}
