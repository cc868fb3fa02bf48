/** A draft moved onto a newer record. */
export interface RebasedDraft<T> {
  /** What was typed where something was typed, otherwise the newer record's value. */
  values: T;
  /** The fields that both sides changed, and to different values: the typed one stands, the other must be shown. */
  conflicts: (keyof T)[];
}

/** Moves what was typed since `base` was loaded onto `latest`, as a three-way merge by field. Values are compared by identity. */
export function rebaseDraft<T extends object>(base: T, draft: T, latest: T): RebasedDraft<T> {
  const values = { ...latest };
  const conflicts: (keyof T)[] = [];
  for (const field of Object.keys(latest) as (keyof T)[]) {
    if (Object.is(draft[field], base[field])) continue;
    values[field] = draft[field];
    if (!Object.is(latest[field], base[field]) && !Object.is(latest[field], draft[field])) conflicts.push(field);
  }
  return { values, conflicts };
}
