import type { Browser } from './build-app.ts';

/** Follows a callback reply to its outcome page and reads it. */
export async function outcomeOf(browser: Browser, reply: { headers: Headers; text: string }) {
  const target = reply.headers.get('location') ?? /content="0;url=([^"]+)"/.exec(reply.text)?.[1] ?? '';
  const id = target.split('/').at(-1) ?? '';
  return browser.call('GET /api/authorization/outcomes/:id', { params: { id } });
}
