import type { Behaviour } from './entry.ts';
import { causeOf } from './public-code.ts';

/**
 * What a screen does about an error besides showing it, under the field names of the catalogue. The catalogue is too
 * large for a browser, and a problem only carries its code: so the causes are listed here, and a test compares them
 * with the fields.
 */
export const screenTraits = {
  hidesKeptData: ['not_linked', 'not_authorized', 'account_mismatch'],
  isWithoutGrant: ['not_authorized'],
  asksForLink: ['not_linked'],
  aboutRemoteSite: ['site_not_registered', 'token_site_not_registered'],
  declinedByUser: ['declined'],
  offersOtherAccount: ['mismatch', 'alias_account', 'account_mismatch'],
} as const satisfies Partial<Readonly<Record<keyof Behaviour, readonly string[]>>>;

/** Whether a problem is about a purpose's data, and not about Argus itself. */
export function isAboutData({ code }: { readonly code: string }): boolean {
  return causeOf(code) !== code;
}

/** Whether a problem has the trait, for whatever purpose. A cause that this version does not know has none. */
export function hasTrait(trait: keyof typeof screenTraits, { code }: { readonly code: string }): boolean {
  const causes: readonly string[] = screenTraits[trait];
  return causes.includes(causeOf(code));
}
