import { type ErrorCode, errorCodes } from './codes.ts';
import { entriesOf, type PurposeErrors } from './compose.ts';
import type { CatalogueEntry, Words } from './entry.ts';
import type { Purpose } from './labels.ts';
import type { CodeOf } from './public-code.ts';
import { alert } from './purposes/alert.ts';
import { authorization } from './purposes/authorize.ts';
import { csv } from './purposes/csv.ts';
import { mail } from './purposes/mail.ts';
import { portal } from './purposes/portal.ts';

export type { ErrorCode };

/** Every purpose in which an error can occur. */
export const purposeErrors = { authorization, mail, csv, alert, portal } as const satisfies {
  readonly [N in Purpose]: PurposeErrors<N>;
};

/** The purposes that call Microsoft. */
export type MicrosoftPurpose = {
  [N in Purpose]: (typeof purposeErrors)[N] extends { readonly words: Words } ? N : never;
}[Purpose];
export const microsoftPurposes = Object.values(purposeErrors)
  .filter((errors) => 'words' in errors)
  .map(({ purpose }): MicrosoftPurpose => purpose);

type Made = {
  [N in Purpose]: CodeOf<N, keyof (typeof purposeErrors)[N]['causes'] & string>;
}[Purpose];

const entries = Object.values<PurposeErrors>(purposeErrors).flatMap((errors) => Object.entries(entriesOf(errors)));
/** A listed code that no purpose makes does not compile. */
const made: Readonly<Record<ErrorCode, CatalogueEntry>> = Object.fromEntries(entries) as Record<Made, CatalogueEntry>;

/**
 * Every error that Argus can show: the single source for screens, problem JSON, error log and help page. A code is
 * permanent, has one HTTP status and is never recognised by prose.
 */
export const errorCatalogue = Object.fromEntries(errorCodes.map((code) => [code, made[code]])) as typeof made;

/** The entry of a code. */
export function catalogueEntry(code: ErrorCode): CatalogueEntry {
  return errorCatalogue[code];
}

/** Whether a text is a code of the catalogue. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}

/** Every error of one purpose: an endpoint that serves the purpose can answer with each of them. */
export function errorsOf(purpose: Purpose): readonly ErrorCode[] {
  return errorCodes.filter((code) => catalogueEntry(code).purpose === purpose);
}
