/**
 * The value of a `datetime-local` input (2026-11-21T10:42, in the user's time zone) as ISO 8601 in UTC; undefined
 * where it is empty or invalid.
 */
export function fromLocalTime(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
