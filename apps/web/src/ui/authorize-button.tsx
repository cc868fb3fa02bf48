import { useText } from '../i18n/text-context.tsx';
import { isFramed, type PopupState, useAuthorizationPopup } from '../lib/use-authorization-popup.ts';
import { Button, type ButtonVariant, LinkButton } from './button.tsx';
import { ErrorViewOf, MessageLines } from './error-view.tsx';
import { ScopedNotification } from './scoped-notification.tsx';

/** Leads to Microsoft 365: by normal navigation in a top-level window, through a pop-up from within a frame. */
export function AuthorizeButton(props: { startUrl: string | null; label: string; variant?: ButtonVariant }) {
  if (isFramed) return <PopupButton {...props} />;
  const { startUrl, label, variant = 'brand' } = props;
  if (startUrl === null) {
    return (
      <Button variant={variant} disabled>
        {label}
      </Button>
    );
  }
  return (
    <LinkButton variant={variant} href={startUrl}>
      {label}
    </LinkButton>
  );
}

function PopupButton({ label, variant = 'brand' }: { label: string; variant?: ButtonVariant }) {
  const { state, open } = useAuthorizationPopup();
  return (
    <div className="argus-popup">
      <Button variant={variant} icon="utility:new_window" onClick={open} busy={state.step === 'opening'}>
        {label}
      </Button>
      <PopupNotice state={state} />
    </div>
  );
}

function PopupNotice({ state }: { state: PopupState }) {
  const words = useText('mail').popup;
  switch (state.step) {
    case 'idle':
      return null;
    case 'opening':
    case 'waiting':
      return <ScopedNotification kind="info">{words[state.step]}</ScopedNotification>;
    case 'closed':
      return <ScopedNotification kind="warning">{words.closed}</ScopedNotification>;
    case 'blocked':
      return (
        <ScopedNotification kind="warning">
          <MessageLines lines={words.blocked} />
        </ScopedNotification>
      );
    case 'failed':
      return <ErrorViewOf error={state.error} />;
  }
}
