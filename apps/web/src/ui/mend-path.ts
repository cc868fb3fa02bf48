import { pages } from '../pages.ts';
/** Where a cause is mended: the screen as the catalogue names it; of the links, the one of the user whose error it is. */
export function mendPath(mendAt: string, username: string | null | undefined): string {
  return username && mendAt === pages.accountLinks.path ? `${mendAt}?${new URLSearchParams({ q: username })}` : mendAt;
}
