import { QueryClient } from '@tanstack/react-query';
import { isNotSession, sessionQuery } from './session-query.ts';

/**
 * The cache of the API's answers. It lives only in this tab's memory, and holds what one user may see: once the
 * session belongs to another user or nobody, everything else in it is dropped.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      // Each problem's `retry` says whether and when another try makes sense, and the screen offers it.
      queries: { retry: false, staleTime: 10_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  holdOneUser(client);
  return client;
}

function holdOneUser(client: QueryClient): void {
  const userOf = () => client.getQueryData(sessionQuery.queryKey)?.user?.id ?? null;
  let owner = userOf();
  client.getQueryCache().subscribe(() => {
    const former = owner;
    owner = userOf();
    if (former !== null && former !== owner) forgetOthers(client, { ask: owner !== null });
  });
}

/**
 * Drops everything fetched, or being fetched, for the previous user. Displayed queries show their loading state.
 * @param ask whether to refetch displayed queries; with nobody signed in the API would only refuse
 */
function forgetOthers(client: QueryClient, { ask }: { ask: boolean }): void {
  const predicate = isNotSession;
  client.removeQueries({ type: 'inactive', predicate });
  for (const query of client.getQueryCache().findAll({ predicate })) query.reset();
  if (ask) void client.refetchQueries({ type: 'active', predicate });
}
