import { useNavigate } from '@tanstack/react-router';
import { InvitationPage } from '../features/accounts/invitation-page.tsx';
import { BareSession } from './bare-session.tsx';

/** /invitation#token=… */
export function InvitationRoute() {
  const navigate = useNavigate();
  const onDone = () => void navigate({ to: '/', replace: true });
  return <BareSession>{(session) => <InvitationPage session={session} onDone={onDone} />}</BareSession>;
}
