import type { QueryClient } from '@tanstack/react-query';
import { sessionChannel } from '../lib/tab-channel.ts';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { dropMicrosoftData } from '../queries/connection-changed.ts';
import { isNotSession, sessionQuery } from '../queries/session-query.ts';
import { readSessionEnd, setSessionEnd } from './session-end.ts';

/**
 * The session of this tab has ended. No mail stays on screen, and other data only as far as it is displayed. Form input waits under the modal for the same user.
 */
export function endSession(client: QueryClient, why: 'expired' | 'signed_out_elsewhere'): void {
  if (!client.getQueryData(sessionQuery.queryKey)?.user) return;
  // What is displayed asks anew, and finds again that the session has ended.
  if (readSessionEnd() !== null) return;
  setSessionEnd(why);
  client.removeQueries({ type: 'inactive', predicate: isNotSession });
  void dropMicrosoftData(client);
  // Where somebody signed out, the next user may be another. Otherwise what the same user was doing waits.
  if (why === 'signed_out_elsewhere') void client.resetQueries({ queryKey: authorizationQuery.queryKey });
}

/**
 * Follows signing in and out in other tabs of this browser, on every page: also one outside the portal, such as that of
 * an outcome, shares its memory with the pages that people go back to.
 */
export function followSession(client: QueryClient): () => void {
  return sessionChannel.listen((message) => {
    if (message === 'signed_out') return endSession(client, 'signed_out_elsewhere');
    const before = client.getQueryData(sessionQuery.queryKey)?.user;
    void client
      // The answer to an earlier request may predate the change.
      .cancelQueries({ queryKey: sessionQuery.queryKey })
      .then(() => client.fetchQuery({ ...sessionQuery, staleTime: 0 }))
      .then(({ user }) => {
        if (before && user?.id !== before.id) location.reload();
        else if (before) {
          setSessionEnd(null);
          void client.invalidateQueries();
        }
      });
  });
}
