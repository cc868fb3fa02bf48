import type { CsvImportView, CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';

/** The steps of the path: ファイル → 確認 → 取込 → 完了. */
export const importSteps = ['file', 'review', 'apply', 'done'] as const;
export type ImportStep = (typeof importSteps)[number];

export type Counts = NonNullable<CsvImportView['counts']>;

/** An import's step on the path. */
export function stepOf({
  state,
  appliedAt,
  counts,
}: Pick<CsvImportView, 'state' | 'appliedAt' | 'counts'>): ImportStep {
  switch (state) {
    case 'receiving':
    case 'cancelled':
      return 'file';
    case 'reading':
    case 'refused':
    case 'ready':
      return 'review';
    case 'applying':
      return 'apply';
    case 'applied':
    case 'undoing':
    case 'undone':
      return 'done';
    case 'failed':
      if (appliedAt !== null) return 'done';
      return counts === null ? 'review' : 'apply';
  }
}

/** Whether the server is working on it, so that polling makes sense. */
export function isMoving({ state }: Pick<CsvImportView, 'state'>): boolean {
  return state === 'receiving' || state === 'reading' || state === 'applying' || state === 'undoing';
}

/** Kinds of rows in the order offered. */
export const rowKinds = [
  'error',
  'added',
  'changed',
  'respelled',
  'unchanged',
  'removed',
  'unmatched',
] as const satisfies readonly CsvRowKind[];

const mostTelling = ['error', 'removed', 'changed', 'added', 'respelled', 'unmatched', 'unchanged'] as const;

/** The kind to look at first; undefined where there are no rows at all. */
export function firstKind(counts: Counts): CsvRowKind | undefined {
  return mostTelling.find((kind) => counts[kind] > 0);
}

/** How many rows change something when the plan is applied. */
export function changesOf(counts: Counts): number {
  return counts.added + counts.changed + counts.respelled + counts.removed;
}
