/** An ID behind its label, one written with its hyphen, and a text that is nothing else: the surest reading first. */
const readings = [
  /(?:エラー ?ID|ERROR ?ID)\s*[:=]?\s*([0-9A-Z]{4})-?([0-9A-Z]{4})(?![0-9A-Z_-])/g,
  /(?<![\p{L}\p{N}_-])([0-9A-Z]{4})-([0-9A-Z]{4})(?![\p{L}\p{N}_-])/gu,
  /^([0-9A-Z]{4})([0-9A-Z]{4})$/g,
];

/** What word processors and Japanese keyboards put where the hyphen was. The long vowel mark of エラー must stay. */
const hyphens = /(?<=[0-9A-Z])[‐‑‒–—―−ー](?=[0-9A-Z])/g;

/**
 * The error ID in a text that a user typed or pasted, such as the whole text for the help desk, or undefined. Case, and
 * the letters that Crockford's alphabet takes for digits (O, I, L), are forgiven.
 */
export function findErrorId(text: string): string | undefined {
  const given = text.normalize('NFKC').toUpperCase().trim().replaceAll(hyphens, '-');
  for (const reading of readings) {
    for (const [, left, right] of given.matchAll(reading)) {
      const id = `${left}-${right}`.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
      if (/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/.test(id)) return id;
    }
  }
  return undefined;
}
