/** An ID after its label, one with its hyphen, and a text that is nothing else: the most certain reading first. */
const readings = [
  /(?:エラー ?ID|ERROR ?ID)\s*[:=]?\s*([0-9A-Z]{4})-?([0-9A-Z]{4})(?![0-9A-Z_-])/g,
  /(?<![\p{L}\p{N}_-])([0-9A-Z]{4})-([0-9A-Z]{4})(?![\p{L}\p{N}_-])/gu,
  /^([0-9A-Z]{4})([0-9A-Z]{4})$/g,
];

/** What word processors and Japanese keyboards type instead of the hyphen. The long vowel mark of エラー must stay. */
const hyphens = /(?<=[0-9A-Z])[‐‑‒–—―−ー](?=[0-9A-Z])/g;

/**
 * The error ID in a typed or pasted text, such as the whole help-desk text, or undefined. Ignores case, and accepts
 * the letters that Crockford's alphabet reads as digits (O, I, L).
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
