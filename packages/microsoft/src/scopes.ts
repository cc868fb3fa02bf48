/**
 * Delegated permissions of Microsoft Graph, as scopes name them: short, or with the URL of the resource; in any case of
 * letters. @see https://learn.microsoft.com/graph/permissions-reference
 */

const oidc = ['openid', 'profile', 'email', 'offline_access'];
const readsMail = /^mail\.read(?:basic|write)?(?:\.shared|\.all)?$/u;
const readsWholeMail = /^mail\.read(?:write)?(?:\.shared|\.all)?$/u;
const readsProfile = /^(?:user\.read(?:write|basic)?|directory\.(?:read|readwrite|accessasuser))(?:\.all)?$/u;
/** Everything that the app registration lists. */
const everything = '.default';

function shortName(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1).toLowerCase();
}

/** Whether a list of scopes lets somebody read mail. */
export function asksForMail(scopes: readonly string[]): boolean {
  return scopes.map(shortName).some((name) => name === everything || readsMail.test(name));
}

/** Whether a list of scopes lets somebody read the text of mail; Mail.ReadBasic leaves it out, and its preview. */
export function asksForMailText(scopes: readonly string[]): boolean {
  return scopes.map(shortName).some((name) => name === everything || readsWholeMail.test(name));
}

/** Whether a list of scopes lets somebody read their own profile, `/me`. */
export function asksForProfile(scopes: readonly string[]): boolean {
  return scopes.map(shortName).some((name) => name === everything || readsProfile.test(name));
}

/** Whether the `scope` of a token reply, which may be absent, denies mail. */
export function lacksMail(scope: string | undefined): boolean {
  const scopes = scope?.split(/\s+/u).filter((each) => each !== '') ?? [];
  return scopes.length > 0 && !asksForMail(scopes);
}

/** Whether every scope is one that Microsoft documents for what Argus does: none of them is misspelt. */
export function areDocumented(scopes: readonly string[]): boolean {
  const isKnown = (scope: string) =>
    oidc.includes(scope.toLowerCase()) ||
    (/^(?:https:\/\/graph\.microsoft\.com\/)?[\w.]+$/iu.test(scope) &&
      (shortName(scope) === 'user.read' || readsMail.test(shortName(scope))));
  return scopes.length > 0 && scopes.every(isKnown);
}
