import type { Browser } from './build-app.ts';

/** The cookies of a browser as it sends them. */
export function cookieHeader({ cookies }: Browser): string {
  return [...cookies].map((pair) => pair.join('=')).join('; ');
}
