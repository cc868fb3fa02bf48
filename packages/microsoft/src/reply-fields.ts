/** Response headers, names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** The value as an object to read from; empty if it is not one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The value if it is a non-empty string. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value if it has the form of an error code, which neither markup nor a sentence has. */
export function code(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/u.test(value) ? value : undefined;
}

/**
 * The value if it has the form of a user principal name: without blanks, control characters or invisible marks, which
 * could make two names look alike. A guest's contains `#EXT#`.
 */
export function principalName(value: unknown): string | undefined {
  const form = /^[^\s@\p{C}]+@[^\s@\p{C}]+\.[^\s@\p{C}]+$/u;
  return typeof value === 'string' && value.length <= 320 && form.test(value) ? value : undefined;
}

/** The value if it has the form of a Microsoft id: a GUID, or the 16 digits of a personal account. */
export function identifier(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,64}$/u.test(value) ? value : undefined;
}

const personalGuid = /^0{8}-0{4}-0{4}-([\da-f]{4})-([\da-f]{12})$/iu;

/**
 * The id of a tenant or an account in one form, to be compared: lower case, and that of a personal account as its 16
 * digits, which id_tokens dress as a GUID (`00000000-0000-0000-48d3-1887ad55a21a`) and Graph shortens.
 */
export function oneFormOfId(id: string): string {
  const bare = id.toLowerCase().replace(personalGuid, '$1$2');
  return /^[\da-f]{1,16}$/u.test(bare) ? bare.padStart(16, '0') : bare;
}

/** A text whose GUIDs are in lower case: Microsoft accepts and sends them in either case. */
export function withGuidsInLowerCase(text: string): string {
  return text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/giu, (found) => found.toLowerCase());
}

/** The value if it is a GUID. */
export function guid(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/iu.test(value) ? value : undefined;
}

/**
 * The value if it is a date and time in the format of Entra (`2021-05-16 05:21:44Z`) or Graph
 * (`2025-02-13T10:17:06`).
 */
export function timestamp(value: unknown): string | undefined {
  const form = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/u;
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

/** Whether a WWW-Authenticate header carries a claims challenge (Graph, continuous access evaluation). */
export function challengesClaims(headers: ReplyHeaders): boolean {
  return /(^|[\s,])claims="[^"]+"|error="insufficient_claims"/iu.test(headers['www-authenticate'] ?? '');
}
