import { useQuery } from '@tanstack/react-query';
import { ProblemError } from '../lib/api-client.ts';
import { sessionQuery } from './session-query.ts';

/** A mutation's error while it applies: an ended session no longer applies once there is a session again. */
export function useStandingError(error: Error | null): Error | null {
  const session = useQuery(sessionQuery);
  const ended = error instanceof ProblemError && error.problem.code === 'session_missing';
  return ended && session.data?.user && session.dataUpdatedAt > error.receivedAt ? null : error;
}
