import type { QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../queries/session-query.ts';

/**
 * The browser keeps a page that was left, with all that it remembers, and "back" shows it again – also after its user has signed
 * out. Such a page stays hidden until it is known who is there now; the cache drops what is not theirs.
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
