import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './api-client.ts';

/**
 * The cache of what the API said. It lives in this tab's memory only.
 * @param onSessionMissing called when any request finds that the session has ended
 */
export function createQueryClient(onSessionMissing: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'session_missing') onSessionMissing();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Whether and when another try makes sense is said by each problem's `retry` and offered on the screen.
      queries: { retry: false, staleTime: 10_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
