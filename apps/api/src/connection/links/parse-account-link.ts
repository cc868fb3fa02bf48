import { parseMicrosoftAccount } from '../../accounts/parse-account.ts';
import { readForm } from '../../platform/http/read-form.ts';

/** @throws AppError request_invalid that names every field at fault */
export function parseAccountLink(body: { username: string; microsoftAccount: string }) {
  return readForm((form) => ({
    // Looked up, not validated: a missing account has an error of its own.
    username: form.requiredText('username', body.username),
    microsoftAccount: parseMicrosoftAccount(form, 'microsoftAccount', body.microsoftAccount),
  }));
}

/** @throws AppError request_invalid */
export function parseMicrosoftAccountChange(body: { microsoftAccount: string }): string {
  return readForm((form) => parseMicrosoftAccount(form, 'microsoftAccount', body.microsoftAccount));
}
