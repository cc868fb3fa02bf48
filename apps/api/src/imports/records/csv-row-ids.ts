/** What a row of a plan may create. */
const variants = { link: '8000', account: '8001', audit: '8002' } as const;

/**
 * SQL for the id of what a row of a plan creates: a UUID of version 8 (RFC 9562, 5.8) made of the import and the row.
 * Ids in file order keep their indexes small and fast; random ones do not.
 */
export function idOfRow(what: keyof typeof variants, importId: string, seq: string): string {
  return `(lpad(to_hex(${importId}::int), 8, '0') || '-0000-8000-${variants[what]}-' || lpad(to_hex(${seq}::int), 12, '0'))::uuid`;
}
