import { pages } from '../pages.ts';
/** Where a cause is fixed: the catalogue's screen; for links, the link of the user whose error it is. */
export function mendPath(mendAt: string, username: string | null | undefined): string {
  return username && mendAt === pages.accountLinks.path ? `${mendAt}?${new URLSearchParams({ q: username })}` : mendAt;
}
