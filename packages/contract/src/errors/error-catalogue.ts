import type { CatalogueEntry } from './entry.ts';
import { authorizationErrors } from './purposes/authorize.ts';
import { csvErrors } from './purposes/csv.ts';
import { mailErrors } from './purposes/mail.ts';
import { portalErrors } from './purposes/portal.ts';

/**
 * Every error that Argus can show: the single source for the screen, the problem JSON, the error log and the help page.
 * A code is permanent, has one HTTP status and is never recognised by its prose.
 */
export const errorCatalogue = { ...authorizationErrors, ...mailErrors, ...csvErrors, ...portalErrors };

/** A permanent code of the catalogue, read `area_condition`. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The entry of a code. */
export function catalogueEntry(code: ErrorCode): CatalogueEntry {
  return errorCatalogue[code];
}

/** Whether a text is a code of the catalogue. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}
