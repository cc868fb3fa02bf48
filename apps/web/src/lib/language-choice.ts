import { fromAcceptLanguage, type Language, languages } from '@argus/contract/language';

const storageKey = 'argus.language';

/** The language for somebody who is not signed in, or whose account names none: the last choice here, else the browser's. */
export function browserLanguage(): Language {
  const stored = readChoice();
  return languages.find((language) => language === stored) ?? fromAcceptLanguage(navigator.languages.join(','));
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    // Storage is refused in some embedded pages; the browser's own languages then decide.
    return null;
  }
}

/** Remembers a choice in this browser, for the sign-in page. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // As above: the choice then holds until the page is left.
  }
}
