import { useNavigate } from '@tanstack/react-router';
import { InvitationPage } from '../features/accounts/invitation-page.tsx';
import { pages } from '../pages.ts';
import { BareSession } from './bare-session.tsx';

/** /invitation#token=… */
export function InvitationRoute() {
  const navigate = useNavigate();
  const onDone = () => void navigate({ to: pages.home.path, replace: true });
  return <BareSession>{(session) => <InvitationPage session={session} onDone={onDone} />}</BareSession>;
}
