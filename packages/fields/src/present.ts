/**
 * The given fields without those that are undefined, to be spread into an object whose optional fields may be absent but not
 * undefined (`exactOptionalPropertyTypes`).
 */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
