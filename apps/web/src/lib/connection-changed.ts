import type { QueryClient } from '@tanstack/react-query';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { newArrivalsKey } from '../queries/new-arrivals-key.ts';
import { askAnew } from './ask-anew.ts';
import { authorizationChannel } from './tab-channel.ts';

/**
 * This tab has changed an account link, an authorization or the connection. The mail in its memory may now belong to
 * another mailbox, so it is dropped at once. Other tabs ask again.
 */
export async function connectionChanged(client: QueryClient): Promise<void> {
  authorizationChannel.announce('changed');
  await Promise.all([client.resetQueries({ queryKey: newArrivalsKey }), askAnew(client, authorizationQuery.queryKey)]);
}

/**
 * Asks again when another tab has changed the connection: a displayed list stays until the answer, a cached one is
 * dropped.
 */
export function followConnection(client: QueryClient): () => void {
  return authorizationChannel.listen(() => {
    client.removeQueries({ queryKey: newArrivalsKey, type: 'inactive' });
    void askAnew(client, newArrivalsKey);
    void askAnew(client, authorizationQuery.queryKey);
  });
}
