import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import { SignInAgain } from '../features/accounts/sign-in-again.tsx';
import { SignInPage } from '../features/accounts/sign-in-page.tsx';
import { sessionQuery } from '../queries/session-query.ts';
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
      {/* What one user has entered is not for the next to save. */}
      <Fragment key={user.id}>{children}</Fragment>
      {end ? (
        <SignInAgain username={user.username} userId={user.id} why={end} onDone={() => setSessionEnd(null)} />
      ) : null}
    </>
  );
}
