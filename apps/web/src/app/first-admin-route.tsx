import { useNavigate } from '@tanstack/react-router';
import { FirstAdminPage } from '../features/accounts/first-admin-page.tsx';
import { pages } from '../pages.ts';
import { BareSession } from './bare-session.tsx';

/** /first-admin#token=… */
export function FirstAdminRoute() {
  const navigate = useNavigate();
  const onDone = () => void navigate({ to: pages.settings.path, replace: true });
  return <BareSession>{(session) => <FirstAdminPage session={session} onDone={onDone} />}</BareSession>;
}
