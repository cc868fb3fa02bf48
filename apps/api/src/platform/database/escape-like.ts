/** Escapes a text for LIKE. Prisma's `startsWith` is a LIKE too, and escapes nothing. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
