/** The address of an entry, stable as its code is. */
export function entryPath(code: string): string {
  return `/admin/error-catalogue/${encodeURIComponent(code)}`;
}
