/** A draft moved onto a newer record. */
export interface RebasedDraft<T> {
  /** The user's input where there is some, otherwise the newer record's value. */
  values: T;
  /** The fields that both sides changed to different values: the input stays, and the other value must be shown. */
  conflicts: (keyof T)[];
}

/**
 * Applies the input since `base` was loaded to `latest`, as a three-way merge by field. Values are compared by
 * identity.
 */
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
