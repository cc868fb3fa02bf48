import { toSalesforceId18 } from '@argus/contract/salesforce-id';
import type { Form } from '../platform/http/read-form.ts';

const longestAccountName = 320;

/**
 * local@domain with a dot in the domain: no blanks, nothing invisible, one @, and nothing that tools put around an address
 * (`mailto:`, `SMTP:`, `<…>`, `;`). @see
 * https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-userprincipalname
 */
const accountName = /^[^\s@\p{C}:;<>|]+@[^\s@.\p{C}:;<>|]+(\.[^\s@.\p{C}:;<>|]+)+$/u;

/**
 * A portal username (Salesforceアカウント), which has e-mail form as in Salesforce. Full-width letters become half-width.
 * @param standing the name as it is: an earlier version may have allowed more, and it stays valid until it is changed
 */
export function parseUsername(form: Form, field: string, text: string, standing?: string): string {
  return parseAccountName(form, field, text, { malformed: 'username_malformed', standing });
}

/**
 * A Microsoft 365 account (UPN). Full-width letters become half-width; the case stays as typed.
 * @param standing as of `parseUsername`
 */
export function parseMicrosoftAccount(form: Form, field: string, text: string, standing?: string): string {
  return parseAccountName(form, field, text, { malformed: 'upn_malformed', standing });
}

/** What is wrong with an account name in its stored form, or undefined. */
export function judgeAccountName(
  name: string,
): { readonly fault: 'required' | 'too_long' | 'malformed'; readonly max: number } | undefined {
  const max = longestAccountName;
  if (name === '') return { fault: 'required', max };
  if (name.length > max) return { fault: 'too_long', max };
  return accountName.test(name) ? undefined : { fault: 'malformed', max };
}

function parseAccountName(
  form: Form,
  field: string,
  text: string,
  {
    malformed,
    standing,
  }: { readonly malformed: 'username_malformed' | 'upn_malformed'; readonly standing: string | undefined },
): string {
  const name = form.requiredText(field, text.normalize('NFKC'));
  if (name === standing) return name;
  const judged = judgeAccountName(name);
  if (judged) form.refuse(field, judged.fault === 'malformed' ? malformed : judged.fault, { max: judged.max });
  return name;
}

/** A Salesforce ID in its 18-character form; null where none is given. */
export function parseSalesforceId(form: Form, field: string, text: string | null): string | null {
  const given = form.optionalText(field, text?.normalize('NFKC') ?? null);
  if (given === null) return null;
  const id = toSalesforceId18(given);
  if (id === undefined) form.refuse(field, 'salesforce_id_malformed');
  return id ?? null;
}
