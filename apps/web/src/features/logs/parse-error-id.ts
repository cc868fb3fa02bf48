/** Letters and digits that are not part of a longer word, GUID or ID: 7F3K-29QD. */
const dashed = /(?<![\p{L}\p{N}-])([0-9A-Z]{4})-([0-9A-Z]{4})(?![\p{L}\p{N}-])/u;
const labelled = /(?:エラー ?ID|ERROR ?ID)\s*[:=]?\s*([0-9A-Z]{4})-?([0-9A-Z]{4})(?![0-9A-Z-])/u;
const bare = /^([0-9A-Z]{4})([0-9A-Z]{4})$/;

/** Every sign that people and word processors put where the hyphen was. */
const hyphens = /[‐‑‒–—―−ー－]/g;

/**
 * The error ID, as in 7F3K-29QD, within what an administrator pasted: the ID alone, in any case or width, with or without its
 * hyphen, or the whole text for the help desk. Undefined where there is none.
 *
 * An ID after its label wins over anything else that looks like one; an eight-letter word counts only where it stands alone.
 */
export function parseErrorId(pasted: string): string | undefined {
  const text = pasted.normalize('NFKC').toUpperCase().trim();
  // The long vowel mark of エラー must stay, so hyphens are repaired only between half-width characters.
  const repaired = text.replace(hyphens, (mark, at: number) =>
    /[0-9A-Z]/.test(text.charAt(at - 1)) && /[0-9A-Z]/.test(text.charAt(at + 1)) ? '-' : mark,
  );
  const found = labelled.exec(repaired) ?? dashed.exec(repaired) ?? bare.exec(repaired);
  return found ? `${found[1]}-${found[2]}` : undefined;
}
