import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { IconButton } from './button.tsx';

/**
 * A modal over the page, for what must be decided first. The native dialog traps the focus, makes the page inert and
 * restores the focus. Escape and the close button call `onClose`; without `onClose` it cannot be dismissed.
 */
export function Modal(props: {
  title: string;
  onClose?: () => void;
  footer?: ReactNode;
  size?: 'small' | 'medium';
  children: ReactNode;
}) {
  const { title, onClose, footer, size = 'small', children } = props;
  const { close } = useText('common');
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Layout effects are cleaned up while the dialog is still in the page: closed later, it could not restore the
  // focus.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={size === 'small' ? 'argus-modal' : 'argus-modal argus-modal_medium'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <header className="argus-modal__header">
        <h2 id={titleId} className="argus-modal__title">
          {title}
        </h2>
        {onClose ? <IconButton icon="utility:close" label={close} onClick={onClose} /> : null}
      </header>
      <div className="argus-modal__body">{children}</div>
      {footer ? <footer className="argus-modal__footer">{footer}</footer> : null}
    </dialog>
  );
}
