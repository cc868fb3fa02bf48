import { hasTrait, isAboutData } from '@argus/contract/errors/screen-traits';
import { ProblemError } from './api-client.ts';
import { fromProblem, type ShownProblem } from './shown-problem.ts';

/**
 * Argus answered, and with no data. It is a result of the query, not an error, so that it replaces the earlier data in
 * memory at once: that may no longer belong to this user, or to what is set up now. Only Argus knows, and where the last
 * data may be shown beside a problem, its reply has both. `refused`: this user may not see any. `withheld`: there is none
 * to show beside this fault.
 */
export interface Refused {
  readonly kind: 'refused' | 'withheld';
  readonly problem: ShownProblem;
}

/**
 * Data from Microsoft, or that there is none to show. Faults of Argus itself or of the way to it, which say nothing of
 * the data, stay errors of the query, and the last data stays beside them.
 */
export async function dataOrRefused<T>(fetchData: () => Promise<T>): Promise<T | Refused> {
  try {
    return await fetchData();
  } catch (error) {
    if (!(error instanceof ProblemError) || !isAboutData(error.problem)) throw error;
    const kind = hasTrait('hidesKeptData', error.problem) ? 'refused' : 'withheld';
    return { kind, problem: fromProblem(error.problem, error.receivedAt) };
  }
}
