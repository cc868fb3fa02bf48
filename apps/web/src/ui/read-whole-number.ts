/** The whole number that a text holds, in half or full width; undefined where it holds none. */
export function readWholeNumber(text: string): number | undefined {
  const digits = text.normalize('NFKC').trim();
  return /^-?\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}
