import type { Language } from '@argus/contract/language';

/** What a GET of JSON and every other request to Argus have in common. */
export const manner = { credentials: 'same-origin', cache: 'no-store', redirect: 'error' } as const;

/** Longer than the maximum that an administrator can allow one request (120 s), so that the server times out first. */
export const deadlineMs = 150_000;

/** The headers of every request; `accept` is the media type of a good reply. */
export function headersOf(language: Language, accept = 'application/json'): Headers {
  return new Headers({ accept: `${accept}, application/problem+json`, 'accept-language': language });
}
