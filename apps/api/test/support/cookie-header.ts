import type { Browser } from './build-app.ts';

/** The cookies of a browser as it sends them. */
export function cookieHeader({ cookies }: Browser): string {
  return [...cookies].map((pair) => pair.join('=')).join('; ');
}

/** What a page of Argus sends against forgery, as the session has it now. */
export async function csrfTokenOf(browser: Browser): Promise<string> {
  return (await browser.call('GET /api/session')).csrfToken;
}
