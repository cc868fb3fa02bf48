import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Refetches what has just changed on the server. A fetch that started before the change is cancelled, as its answer
 * may predate it. `cancelRefetch` alone would join it if it is the first one.
 */
export async function askAnew(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}
