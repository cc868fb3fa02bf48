/** The whole number in a text, in half or full width; undefined where it is not one. */
export function readWholeNumber(text: string): number | undefined {
  const digits = text.normalize('NFKC').trim();
  return /^-?\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}
