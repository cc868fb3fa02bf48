import { withGuidsInLowerCase } from '@argus/microsoft/reply-fields';

/** Whether two issuers are the same: character by character (RFC 9207), but for GUIDs, which Microsoft spells in either case. */
export function isSameIssuer(one: unknown, other: string): boolean {
  return typeof one === 'string' && withGuidsInLowerCase(one) === withGuidsInLowerCase(other);
}
