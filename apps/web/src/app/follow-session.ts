import type { SessionView } from '@argus/contract/endpoints/accounts';
import type { QueryClient } from '@tanstack/react-query';
import { readSession } from '../lib/api-client.ts';
import { askAnew } from '../lib/ask-anew.ts';
import { setSessionCheck } from '../lib/session-check.ts';
import { sessionChannel } from '../lib/tab-channel.ts';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { askForHeldBack, holdBackMicrosoftData } from '../queries/connection-changed.ts';
import { microsoftKey } from '../queries/microsoft-key.ts';
import { isNotSession, sessionQuery } from '../queries/session-query.ts';
import { readSessionEnd, setSessionEnd } from './session-end.ts';

/** What differs between the entries. */
interface Entry {
  /** Another tab says that it has signed out; nothing of Microsoft is on the screen any more. */
  signedOut(): void;
  /** Argus names another user than the page is for, or nobody. */
  changed(now: SessionView): void;
}

/**
 * Follows the session of this browser on every page: also one outside the portal, such as that of an outcome, shares its
 * memory with the pages that people go back to. Whatever says that the session has ended or begun, an answer of Argus or
 * another tab, takes mail off the screen at once, and each time. Only then Argus is asked who is signed in, as a refusal
 * under a former id of the session proves nothing.
 */
function followSession(client: QueryClient, entryOf: (check: () => Promise<boolean>) => Entry): () => void {
  const goOn = () => {
    setSessionEnd(null);
    void client.invalidateQueries({ predicate: isNotSession });
  };
  const look = async (): Promise<boolean> => {
    const before = client.getQueryData(sessionQuery.queryKey)?.user?.id;
    const now = await readSession();
    if (before === undefined) {
      await askAnew(client, sessionQuery.queryKey);
      return now.user !== null;
    }
    const stands = now.user?.id === before;
    if (!stands) entry.changed(now);
    else if (readSessionEnd() !== null) goOn();
    return stands;
  };
  // One at a time: whoever comes while one is under way, whose answer may predate the reason, shares the next.
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<boolean> | undefined;
  const check = (): Promise<boolean> => {
    holdBackMicrosoftData(client);
    next ??= running.then(() => {
      next = undefined;
      const looked = look().finally(() => {
        if (readSessionEnd() === null) void askForHeldBack(client);
      });
      running = looked.catch(() => undefined);
      return looked;
    });
    return next;
  };
  const entry = entryOf(check);
  setSessionCheck(check);
  const stop = sessionChannel.listen((message) => {
    holdBackMicrosoftData(client);
    if (message === 'signed_out') return entry.signedOut();
    check().then(
      (stands) => {
        if (stands) goOn();
      },
      // It may be anybody now: the page begins anew, for nobody yet.
      () => {
        if (!client.getQueryData(sessionQuery.queryKey)?.user) return;
        setSessionEnd(null);
        void client.resetQueries({ queryKey: sessionQuery.queryKey });
      },
    );
  });
  return () => {
    stop();
    setSessionCheck(undefined);
  };
}

/** In the portal, input waits for the same user under a modal. Where somebody else is signed in, everything begins anew. */
export function followPortalSession(client: QueryClient): () => void {
  return followSession(client, () => ({
    signedOut: () => endSession(client, 'signed_out_elsewhere'),
    changed: ({ user }) => (user === null ? endSession(client, 'expired') : location.reload()),
  }));
}

/** The portlet has no input to keep: it is for whoever Argus names, and shows the sign-in form where that is nobody. */
export function followPortletSession(client: QueryClient): () => void {
  return followSession(client, (check) => ({
    signedOut: () => void check().catch(() => undefined),
    changed: (now) => {
      client.setQueryData(sessionQuery.queryKey, now);
      void askAnew(client, sessionQuery.queryKey);
    },
  }));
}

/** Of the user, only what is displayed stays, and nothing of Microsoft. */
function endSession(client: QueryClient, why: 'expired' | 'signed_out_elsewhere'): void {
  if (!client.getQueryData(sessionQuery.queryKey)?.user) return;
  setSessionEnd(why);
  client.removeQueries({ type: 'inactive', predicate: isNotSession });
  const cache = client.getQueryCache();
  for (const query of cache.findAll({ queryKey: microsoftKey })) query.reset();
  if (why === 'expired') return;
  // Where somebody signed out, the next user may be another. Otherwise what the same user was doing waits.
  for (const query of cache.findAll({ queryKey: authorizationQuery.queryKey })) query.reset();
}
