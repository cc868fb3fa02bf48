import { invalidFields } from '../platform/problems/app-error.ts';

/** Times in a format that spreadsheets parse: 2026-11-21 19:00:00. */
export function timesIn(timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: timeZone ?? 'UTC' });
  } catch {
    throw invalidFields([{ field: 'timeZone', code: 'choice_invalid' }]);
  }
}
