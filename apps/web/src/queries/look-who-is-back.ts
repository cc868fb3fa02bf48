import type { QueryClient } from '@tanstack/react-query';
import { sessionQuery } from './session-query.ts';

/**
 * The browser keeps a page in memory after it is left, and "back" shows it again, even after its user has signed out.
 * Such a page stays hidden until the current user is known; the cache drops what is not theirs.
 */
export function lookWhoIsBack(client: QueryClient): void {
  window.addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted) return;
    document.body.hidden = true;
    try {
      await client.cancelQueries({ queryKey: sessionQuery.queryKey });
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      document.body.hidden = false;
    } catch {
      location.reload();
    }
  });
}
