/**
 * The moment that a `datetime-local` input holds (2026-11-21T10:42, in the user's zone) as ISO 8601 in UTC; undefined where it holds none.
 */
export function fromLocalTime(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
