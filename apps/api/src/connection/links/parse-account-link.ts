import { parseMicrosoftAccount } from '../../accounts/parse-account.ts';
import { readForm } from '../../platform/http/read-form.ts';

/** @throws AppError request_invalid, which names every invalid field */
export function parseAccountLink(body: { username: string; microsoftAccount: string }) {
  return readForm((form) => ({
    // Looked up, not validated: a missing account has its own error.
    username: form.requiredText('username', body.username),
    microsoftAccount: parseMicrosoftAccount(form, 'microsoftAccount', body.microsoftAccount),
  }));
}

/** @throws AppError request_invalid */
export function parseMicrosoftAccountChange(body: { microsoftAccount: string }, standing: string): string {
  return readForm((form) => parseMicrosoftAccount(form, 'microsoftAccount', body.microsoftAccount, standing));
}
