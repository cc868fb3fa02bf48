/** A piece of a sentence, in each language. */
export interface Shown {
  readonly ja: string;
  readonly en: string;
}

const notShown: Shown = { ja: '(非表示)', en: '(not shown)' };

/** What each kind of value is written in. None takes `=` or `@`, and a colon only what cannot be a password behind it. */
const alphabets = {
  /** One of a few words, or a number; shorter than any token that Argus accepts. */
  word: /^[\w.+-]{1,12}$/,
  /** A host, an address, a range or an origin. */
  address: /^([a-z]{2,10}:\/\/)?([\w.*;-]+|\[?[\da-f:.]+\]?)(:\d{1,5})?(\/[\w./-]*)?$/i,
  /** The name of a file, with its folder: a bare word may be the secret itself. */
  file: /^(\.{0,2}|~|[A-Za-z]:)[\\/][\w.\\/~-]+$/,
  /** A name in the database. */
  identifier: /^[\w.$%-]+$/,
};

const longest = 100;
/** Keys, tokens and hashes have such a run; what people name hardly does. */
const keyLike = /(?![a-z]{20})[A-Za-z0-9]{20}/;

/**
 * What a sentence may repeat of a value that the operator gave, in whatever variable: a lost line break or quote puts a
 * secret behind any value, and terminals, logs and tickets keep what is printed. The rest behind a blank is left out.
 */
export function shownValue(text: string, kind: keyof typeof alphabets): Shown {
  const [head = ''] = text.split(/\s/, 1);
  if (head.length > longest || !alphabets[kind].test(head) || keyLike.test(head)) return notShown;
  const value = head === text ? head : `${head} …`;
  return { ja: value, en: value };
}

/** What a sentence may repeat of a name where a setting's is expected: a slip makes a name of a secret. */
export function shownName(text: string): Shown {
  return /^[A-Z_][A-Z0-9_]{0,39}$/.test(text) && !keyLike.test(text) ? { ja: text, en: text } : notShown;
}

/** The same in a text that has no language. */
export function shownPlainly(text: string, kind: keyof typeof alphabets): string {
  const { ja, en } = shownValue(text, kind);
  return ja === en ? en : `${ja} ${en}`;
}
