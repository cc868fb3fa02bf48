import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isNotSession, sessionQuery } from '../queries/session-query.ts';
import { ProblemError } from './api-client.ts';

/**
 * The cache of what the API said. It lives in this tab's memory only, and holds what one user may see: once the session is
 * another user's or nobody's, everything else in it is dropped.
 * @param onSessionMissing called when any request finds that the session has ended
 */
export function createQueryClient(onSessionMissing: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'session_missing') onSessionMissing();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Whether and when another try makes sense is said by each problem's `retry` and offered on the screen.
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
 * Drops all that was fetched, or is being fetched, for the user of before. What is on the screen shows its loading state.
 * @param ask whether what is on the screen is fetched again; for nobody the API would only refuse it
 */
function forgetOthers(client: QueryClient, { ask }: { ask: boolean }): void {
  const predicate = isNotSession;
  client.removeQueries({ type: 'inactive', predicate });
  for (const query of client.getQueryCache().findAll({ predicate })) query.reset();
  if (ask) void client.refetchQueries({ type: 'active', predicate });
}
