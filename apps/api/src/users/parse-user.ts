import { parseSalesforceId, parseUsername } from '../accounts/parse-account.ts';
import { judgePassword } from '../accounts/password.ts';
import type { AccountChange } from '../accounts/records/accounts.ts';
import { type Form, readForm } from '../platform/http/read-form.ts';

interface UserFields {
  readonly username: string;
  readonly displayName: string;
  readonly role: 'user' | 'admin';
  readonly salesforceId: string | null;
}

/** @throws AppError request_invalid, which names every invalid field */
export function parseNewUser(body: UserFields & { password: string }): UserFields & { password: string } {
  return readForm((form) => ({
    ...readFields(form, body),
    password: judgePassword(form, 'password', body.password, body.username),
  }));
}

/** @throws AppError request_invalid, which names every invalid field */
export function parseUserChange(
  body: UserFields & { active: boolean },
  standing: Pick<UserFields, 'username'>,
): AccountChange {
  return readForm((form) => ({ ...readFields(form, body, standing), active: body.active }));
}

function readFields(form: Form, body: UserFields, standing?: Pick<UserFields, 'username'>): UserFields {
  return {
    username: parseUsername(form, 'username', body.username, standing?.username),
    displayName: form.requiredText('displayName', body.displayName),
    role: body.role,
    salesforceId: parseSalesforceId(form, 'salesforceId', body.salesforceId),
  };
}
