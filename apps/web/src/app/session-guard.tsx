import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { SignInAgain } from '../features/accounts/sign-in-again.tsx';
import { SignInPage } from '../features/accounts/sign-in-page.tsx';
import { sessionChannel } from '../lib/tab-channel.ts';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { dropMicrosoftData } from '../queries/connection-changed.ts';
import { isNotSession, sessionQuery } from '../queries/session-query.ts';
import { ErrorViewOf } from '../ui/error-view.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { BareFrame } from './bare-frame.tsx';
import { setSessionEnd, useSessionEnd } from './session-end.ts';

/**
 * Shows its children to signed-in users, and the sign-in page at the same address to anybody else. When a session
 * ends in use, the page stays with everything entered, under a modal that asks to sign in again.
 */
export function SessionGuard({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const end = useSessionEnd();
  useOtherTabs();
  if (session.isPending) {
    return (
      <BareFrame>
        <SkeletonLines lines={3} />
      </BareFrame>
    );
  }
  if (!session.data) {
    return (
      <BareFrame>
        <ErrorViewOf error={session.error} onRetry={() => void session.refetch()} retrying={session.isFetching} />
      </BareFrame>
    );
  }
  const { user } = session.data;
  if (!user) {
    return (
      <BareFrame>
        <SignInPage session={session.data} />
      </BareFrame>
    );
  }
  return (
    <>
      {children}
      {end ? (
        <SignInAgain username={user.username} userId={user.id} why={end} onDone={() => setSessionEnd(null)} />
      ) : null}
    </>
  );
}

/** Follows signing in and out in other tabs of this browser. */
function useOtherTabs() {
  const queryClient = useQueryClient();
  useEffect(
    () =>
      sessionChannel.listen((message) => {
        const before = queryClient.getQueryData(sessionQuery.queryKey)?.user;
        if (message === 'signed_out') {
          if (!before) return;
          setSessionEnd('signed_out_elsewhere');
          // After a sign-out, no data from Microsoft may stay on screen, and other data only as far as it is
          // displayed. Form input waits under the modal for the same user.
          queryClient.removeQueries({ type: 'inactive', predicate: isNotSession });
          void dropMicrosoftData(queryClient);
          void queryClient.resetQueries({ queryKey: authorizationQuery.queryKey });
          return;
        }
        void queryClient
          // The answer to an earlier request may predate the change.
          .cancelQueries({ queryKey: sessionQuery.queryKey })
          .then(() => queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }))
          .then(({ user }) => {
            if (before && user?.id !== before.id) location.reload();
            else if (before) {
              setSessionEnd(null);
              void queryClient.invalidateQueries();
            }
          });
      }),
    [queryClient],
  );
}
