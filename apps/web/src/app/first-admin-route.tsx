import { useNavigate } from '@tanstack/react-router';
import { FirstAdminPage } from '../features/accounts/first-admin-page.tsx';
import { BareSession } from './bare-session.tsx';

/** /first-admin#token=… */
export function FirstAdminRoute() {
  const navigate = useNavigate();
  const onDone = () => void navigate({ to: '/admin/settings', replace: true });
  return <BareSession>{(session) => <FirstAdminPage session={session} onDone={onDone} />}</BareSession>;
}
