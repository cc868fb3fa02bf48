import type { Problem } from '@argus/contract/errors/problem';
import { admin } from './stage-argus.ts';

/** Where a reason is fixed, as the catalogue names it: without the record that failed (triage/evidence.test.ts). */
function mendPlace(mendAt: string): string {
  const [path = '', query] = mendAt.split('?');
  const field = new URLSearchParams(query).get('field');
  return field === null ? path : `${path}?field=${field}`;
}

/** The reasons that an administrator reads, most likely first, each by the field that mends it or by its place. */
export async function told(problem: Problem | undefined) {
  const query = { errorId: problem?.errorId ?? '' };
  const { items } = await admin.call('GET /api/admin/error-events', { query });
  const causes = items[0]?.problem.admin?.causes ?? [];
  return causes.map(({ mendAt, ...cause }) => ({ ...cause, ...(mendAt ? { mendAt: mendPlace(mendAt) } : {}) }));
}
