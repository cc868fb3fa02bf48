import { parseMicrosoftAccount, parseSalesforceId, parseUsername } from '../accounts/parse-account.ts';
import { judgePassword } from '../accounts/password.ts';
import type { AccountChange } from '../accounts/records/accounts.ts';
import { type Form, readForm } from '../platform/http/read-form.ts';

interface UserFields {
  readonly username: string;
  readonly displayName: string;
  readonly reading: string;
  readonly role: 'user' | 'admin';
  readonly salesforceId: string | null;
}

/** The fields as sent: without a reading, the present one stays. */
type SentFields = Omit<UserFields, 'reading'> & { readonly reading?: string | undefined };
type Standing = Pick<UserFields, 'username' | 'reading'>;

/** @throws AppError request_invalid, which names every invalid field */
export function parseNewUser(body: SentFields & { password?: string; microsoftAccount?: string }) {
  const { password, microsoftAccount = '' } = body;
  return readForm((form) => ({
    fields: readFields(form, body),
    password: password === undefined ? null : judgePassword(form, 'password', password, body.username),
    microsoftAccount:
      microsoftAccount.trim() === '' ? null : parseMicrosoftAccount(form, 'microsoftAccount', microsoftAccount),
  }));
}

/** @throws AppError request_invalid, which names every invalid field */
export function parseUserChange(body: SentFields & { active: boolean }, standing: Standing): AccountChange {
  return readForm((form) => ({ ...readFields(form, body, standing), active: body.active }));
}

function readFields(form: Form, body: SentFields, standing?: Standing): UserFields {
  return {
    username: parseUsername(form, 'username', body.username, standing?.username),
    displayName: form.requiredText('displayName', body.displayName),
    reading: form.optionalText('reading', body.reading ?? standing?.reading ?? '') ?? '',
    role: body.role,
    salesforceId: parseSalesforceId(form, 'salesforceId', body.salesforceId),
  };
}
