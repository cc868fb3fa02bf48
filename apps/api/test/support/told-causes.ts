import type { Problem } from '@argus/contract/errors/problem';
import { admin } from './stage-argus.ts';

/** The reasons that an administrator reads, most likely first, each by the field that mends it or by its place. */
export async function told(problem: Problem | undefined) {
  const query = { errorId: problem?.errorId ?? '' };
  const { items } = await admin.call('GET /api/admin/error-events', { query });
  return items[0]?.problem.admin?.causes ?? [];
}
