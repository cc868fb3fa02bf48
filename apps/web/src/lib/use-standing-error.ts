import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../queries/session-query.ts';
import { ProblemError } from './api-client.ts';

/** What a mutation failed with, as long as it stands: that the session had ended does not, once it is there again. */
export function useStandingError(error: Error | null): Error | null {
  const session = useQuery(sessionQuery);
  const ended = error instanceof ProblemError && error.problem.code === 'session_missing';
  return ended && session.data?.user && session.dataUpdatedAt > error.receivedAt ? null : error;
}
