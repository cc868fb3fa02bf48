type Check = () => Promise<boolean>;

let check: Check | undefined;

/**
 * Sets the function that finds out whether the session has ended when Argus says so to one request, and acts upon it.
 * Resolves with whether whoever the page is for is still signed in; fails where Argus does not say.
 */
export function setSessionCheck(next: Check | undefined): void {
  check = next;
}

/** Whether the user of the page is still signed in; false where nobody can tell. */
export async function checkSession(): Promise<boolean> {
  return (await check?.()) ?? false;
}
