/** The UI languages: Japanese first, and a complete English translation. */
export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

/** A text in every UI language. */
export type Text = Readonly<Record<Language, string>>;

/** Lines of text in every UI language; each string is one line on the screen. */
export type Lines = Readonly<Record<Language, readonly string[]>>;

/**
 * The first supported language of an `Accept-Language` header (RFC 9110, 12.5.4), by weight; Japanese where none
 * matches.
 */
export function fromAcceptLanguage(header: string | undefined): Language {
  const ranges = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.trim().toLowerCase().split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter((range) => range.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const range of ranges) {
    const found = languages.find((language) => language === range.language);
    if (found) return found;
  }
  return 'ja';
}

/** Fills `{name}` in a text. A name without a value becomes empty. */
export function fillText(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return value === undefined || value === null ? '' : String(value);
  });
}

/** A table of texts in one language. */
export function textsIn<K extends string>(
  texts: Readonly<Record<K, Text>>,
  language: Language,
): Readonly<Record<K, string>> {
  const entries = Object.entries<Text>(texts).map(([key, text]) => [key, text[language]]);
  return Object.fromEntries(entries) as Record<K, string>;
}
