import { fromAcceptLanguage, type Language, languages } from '@argus/contract/language';

const storageKey = 'argus.language';

/**
 * The language for somebody who is not signed in, or whose account has none: the last choice here, else the
 * browser's.
 */
export function browserLanguage(): Language {
  const stored = readChoice();
  return languages.find((language) => language === stored) ?? fromAcceptLanguage(navigator.languages.join(','));
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    // Some embedded pages may not use storage; then the browser's own languages decide.
    return null;
  }
}

/** Remembers a choice in this browser, for the sign-in page. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // As above: then the choice lasts until the page is left.
  }
}
