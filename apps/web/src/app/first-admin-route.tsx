import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { FirstAdminPage } from '../features/sign-in/first-admin-page.tsx';
import { sessionQuery } from '../lib/session-query.ts';
import { NavigateProvider } from '../ui/app-link.tsx';
import { ErrorViewOf } from '../ui/error-view.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { BareFrame } from './bare-frame.tsx';

/** /first-admin#token=… */
export function FirstAdminRoute() {
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const go = useMemo(() => (to: string) => void navigate({ href: to }), [navigate]);
  return (
    <NavigateProvider value={go}>
      <BareFrame>
        {session.data ? (
          <FirstAdminPage
            session={session.data}
            onDone={() => void navigate({ to: '/admin/settings', replace: true })}
          />
        ) : session.error ? (
          <ErrorViewOf error={session.error} onRetry={() => void session.refetch()} retrying={session.isFetching} />
        ) : (
          <SkeletonLines />
        )}
      </BareFrame>
    </NavigateProvider>
  );
}
