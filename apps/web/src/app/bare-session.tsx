import type { SessionView } from '@argus/contract/endpoints/accounts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { sessionQuery } from '../queries/session-query.ts';
import { NavigateProvider } from '../ui/app-link.tsx';
import { ErrorViewOf } from '../ui/error-view.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { BareFrame } from './bare-frame.tsx';

/** A page outside the portal that needs to know whether somebody is signed in. */
export function BareSession({ children }: { children: (session: SessionView) => ReactNode }) {
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const go = useMemo(() => (to: string) => void navigate({ href: to }), [navigate]);
  return (
    <NavigateProvider value={go}>
      <BareFrame>
        {session.data ? (
          children(session.data)
        ) : session.error ? (
          <ErrorViewOf error={session.error} onRetry={() => void session.refetch()} retrying={session.isFetching} />
        ) : (
          <SkeletonLines />
        )}
      </BareFrame>
    </NavigateProvider>
  );
}
