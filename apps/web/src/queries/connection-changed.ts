import type { Query, QueryClient } from '@tanstack/react-query';
import { askAnew } from '../lib/ask-anew.ts';
import { authorizationChannel } from '../lib/tab-channel.ts';
import { authorizationQuery } from './authorization-query.ts';
import { microsoftKey } from './microsoft-key.ts';

/** Removes data of Microsoft from this tab's memory, and from the screen; what is displayed is asked for again. */
function dropMicrosoftData(client: QueryClient): Promise<void> {
  return client.resetQueries({ queryKey: microsoftKey });
}

/**
 * As `dropMicrosoftData`, where it is not known for whom it may be asked again: what is displayed waits. Data that is being
 * fetched and not there yet is left to its answer.
 */
export function holdBackMicrosoftData(client: QueryClient): void {
  client.removeQueries({ queryKey: microsoftKey, type: 'inactive' });
  for (const query of client.getQueryCache().findAll({ queryKey: microsoftKey })) {
    if (query.state.data !== undefined) query.reset();
  }
}

/** Asks for what `holdBackMicrosoftData` has left waiting. */
export function askForHeldBack(client: QueryClient): Promise<void> {
  const isWaiting = ({ state }: Query) => state.status === 'pending' && state.fetchStatus === 'idle';
  return client.refetchQueries({ queryKey: microsoftKey, type: 'active', predicate: isWaiting });
}

/** Asks Microsoft again for what is displayed, and leaves it there until the answer. */
export function renewMicrosoftData(client: QueryClient): Promise<void> {
  return askAnew(client, microsoftKey);
}

/**
 * This tab has changed an account link, an authorization or the connection. The data in its memory may now belong to
 * another account, so it is dropped at once. Other tabs ask again.
 */
export async function connectionChanged(client: QueryClient): Promise<void> {
  authorizationChannel.announce('changed');
  await Promise.all([dropMicrosoftData(client), askAnew(client, authorizationQuery.queryKey)]);
}

/**
 * Asks again when another tab has changed the connection: a displayed list stays until the answer, a cached one is
 * dropped.
 */
export function followConnection(client: QueryClient): () => void {
  return authorizationChannel.listen(() => {
    client.removeQueries({ queryKey: microsoftKey, type: 'inactive' });
    void renewMicrosoftData(client);
    void askAnew(client, authorizationQuery.queryKey);
  });
}
