import { useText } from '../i18n/text-context.tsx';
import { isFramed } from '../lib/is-framed.ts';
import { type PopupState, useAuthorizationPopup } from '../queries/use-authorization-popup.ts';
import { Button, type ButtonVariant, LinkButton } from './button.tsx';
import { ErrorView, ErrorViewOf, MessageLines } from './error-view.tsx';
import { ScopedNotification } from './scoped-notification.tsx';

/** Leads to Microsoft 365: by normal navigation in a top-level window, through a pop-up from within a frame. */
export function AuthorizeButton(props: {
  startUrl: string | null;
  label: string;
  /** What this place shows once the user has authorized: a sentence of the page, next to the pop-up's state. */
  afterwards: string;
  variant?: ButtonVariant;
}) {
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

function PopupButton(props: { label: string; afterwards: string; variant?: ButtonVariant }) {
  const { label, afterwards, variant = 'brand' } = props;
  const { state, open } = useAuthorizationPopup();
  return (
    <div className="argus-popup">
      <Button variant={variant} icon="utility:new_window" onClick={open} busy={state.step === 'opening'}>
        {label}
      </Button>
      <PopupNotice state={state} afterwards={afterwards} onAgain={open} />
    </div>
  );
}

function PopupNotice(props: { state: PopupState; afterwards: string; onAgain: () => void }) {
  const { state, afterwards, onAgain } = props;
  const words = useText('microsoft').popup;
  switch (state.step) {
    case 'idle':
      return null;
    case 'opening':
      return <ScopedNotification kind="info">{words.opening}</ScopedNotification>;
    case 'waiting':
      return (
        <ScopedNotification
          kind="info"
          actions={
            <Button variant="base" onClick={onAgain}>
              {words.startAgain}
            </Button>
          }
        >
          <p>{words.waiting(afterwards)}</p>
          <p className="argus-quiet">{words.lost}</p>
        </ScopedNotification>
      );
    case 'lapsed':
      return <ScopedNotification kind="warning">{words.lapsed}</ScopedNotification>;
    case 'refused':
      return <ErrorView problem={state.problem} />;
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
