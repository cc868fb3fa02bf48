import type { ErrorCode } from './codes.ts';

/**
 * What a screen does about an error besides showing it, under the field names of the catalogue. The catalogue is too
 * large for a browser, and a problem only carries its code: so the codes are listed here, and a test compares them
 * with the fields.
 */
export const screenTraits = {
  hidesKeptData: ['mail_not_linked', 'mail_not_authorized', 'mail_account_mismatch'],
  isWithoutGrant: ['mail_not_authorized'],
  aboutRemoteSite: ['authorization_site_not_registered', 'mail_site_not_registered', 'mail_token_site_not_registered'],
  offersOtherAccount: ['authorization_mismatch', 'authorization_alias_account'],
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

/** Whether a problem has the trait. A code that this version does not know has none. */
export function hasTrait(trait: keyof typeof screenTraits, { code }: { readonly code: string }): boolean {
  const codes: readonly string[] = screenTraits[trait];
  return codes.includes(code);
}
