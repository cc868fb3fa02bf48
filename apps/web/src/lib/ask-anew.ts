import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Fetches again what has just changed on the server. A fetch that began before the change is given up: its answer may be from
 * before. `cancelRefetch` alone joins it where it is the first one.
 */
export async function askAnew(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}
