/**
 * The comparable form of an account name: Unicode NFKC, trimmed, lower case.
 * Usernames, UPNs and display names are unique, searched and sorted by this form.
 */
export function accountKey(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
