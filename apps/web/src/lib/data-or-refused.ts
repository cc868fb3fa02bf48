import { hasTrait } from '@argus/contract/errors/screen-traits';
import { ProblemError } from './api-client.ts';
import { fromProblem, type ShownProblem } from './shown-problem.ts';

/** This user may not see any data. It is a result of the query, not an error, so that it replaces the earlier data. */
export interface Refused {
  readonly kind: 'refused';
  readonly problem: ShownProblem;
}

/**
 * Data from Microsoft, or the result that this user may not see any. Other problems stay errors of the query, which
 * keeps the last data beside them.
 */
export async function dataOrRefused<T>(fetchData: () => Promise<T>): Promise<T | Refused> {
  try {
    return await fetchData();
  } catch (error) {
    // The last data may no longer belong to this user: as a result of the query this replaces it in memory at once.
    if (error instanceof ProblemError && hasTrait('hidesKeptData', error.problem)) {
      return { kind: 'refused', problem: fromProblem(error.problem, error.receivedAt) };
    }
    throw error;
  }
}
