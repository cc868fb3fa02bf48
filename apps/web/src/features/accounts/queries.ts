import type { BodyOf } from '@argus/contract/endpoint-map';
import type { SessionView } from '@argus/contract/endpoints/accounts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { sessionChannel } from '../../lib/tab-channel.ts';
import { pages } from '../../pages.ts';
import { sessionQuery } from '../../queries/session-query.ts';

/** The sign-in succeeded, but the browser did not store the session cookie. */
export class CookieRefusedError extends Error {}

/**
 * Whether this browser keeps the cookies of Argus, and sends them: the first reply sets one, so the second request
 * has it.
 */
export const keepsCookiesQuery = queryOptions({
  queryKey: ['keeps-cookies'],
  queryFn: async ({ signal }) => {
    const isSent = async () => (await request('GET /api/session', { signal })).cookieSent;
    return (await isSent()) || (await isSent());
  },
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
});

async function signIn(body: BodyOf<'POST /api/session'>) {
  try {
    await request('POST /api/session', { body, byWhoever: true });
  } catch (error) {
    // The token was fetched a moment ago: if it does not match, its cookie was not sent.
    if (error instanceof ProblemError && error.problem.code === 'csrf_token_invalid') throw new CookieRefusedError();
    throw error;
  }
  const session = await request('GET /api/session');
  if (!session.user) throw new CookieRefusedError();
  return session;
}

/** Signs in, and notifies the other tabs. Fails with CookieRefusedError if the session cookie is not stored. */
export function useSignIn() {
  const onSuccess = useSignedIn();
  return useMutation({ mutationFn: signIn, onSuccess });
}

/** Signs out, notifies the other tabs, and reloads the page so that nothing of the account stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: async () => {
      try {
        await request('DELETE /api/session');
      } catch (error) {
        if (!(error instanceof ProblemError && error.problem.code === 'session_missing')) throw error;
      }
    },
    onSuccess: () => {
      sessionChannel.announce('signed_out');
      location.assign(pages.home.path);
    },
  });
}

export function useChangePassword() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<'PUT /api/session/password'>) => request('PUT /api/session/password', { body }),
    onSuccess: (session) => queryClient.setQueryData(sessionQuery.queryKey, session),
  });
}

/** Whom an invitation link is for. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => request('POST /api/invitation/read', { body: { token }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** Sets the first password by an invitation link; the account is then signed in. */
export function useAcceptInvitation() {
  const onSuccess = useSignedIn();
  return useMutation({
    mutationFn: (body: BodyOf<'POST /api/invitation/accept'>) => request('POST /api/invitation/accept', { body }),
    onSuccess,
  });
}

/** Creates the first administrator, who is then signed in. */
export function useCreateFirstAdmin() {
  const onSuccess = useSignedIn();
  return useMutation({
    mutationFn: (body: BodyOf<'POST /api/first-admin'>) => request('POST /api/first-admin', { body }),
    onSuccess,
  });
}

/** What to do with the session that a request started. */
function useSignedIn() {
  const queryClient = useQueryClient();
  return (session: SessionView) => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    sessionChannel.announce('signed_in');
  };
}
