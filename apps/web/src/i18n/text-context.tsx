import type { Language } from '@argus/contract/language';
import { createContext, type ReactNode, use, useLayoutEffect, useMemo } from 'react';
import { setRequestLanguage } from '../lib/api-client.ts';
import type { adminTexts } from './ja/admin.ts';
import type { portalTexts } from './ja/portal.ts';

/**
 * Every text of the UI by feature. Japanese defines the type; English must match it, so a missing text is a type
 * error.
 */
export type Texts = typeof portalTexts & typeof adminTexts;
/** Loads some features' texts in one language; the same language returns the same promise. */
export type TextLoader = (language: Language) => Promise<Partial<Texts>>;

interface TextContextValue {
  readonly language: Language;
  readonly texts: Partial<Texts>;
}

const TextContext = createContext<TextContextValue | null>(null);

/** Creates a loader that loads each language once; a failed load (offline) is retried the next time. */
export function textLoader(load: TextLoader): TextLoader {
  const asked = new Map<Language, Promise<Partial<Texts>>>();
  return (language) => {
    let texts = asked.get(language);
    if (!texts) {
      const promise = load(language);
      texts = promise;
      asked.set(language, promise);
      promise.then(
        // The fields that `use` sets on a promise after waiting for it. Set here, they make `use` return at once:
        // waiting even for a fulfilled promise shows the fallback, which React then keeps for 300 ms.
        (value) => Object.assign(promise, { status: 'fulfilled', value }),
        () => asked.delete(language),
      );
    }
    return texts;
  };
}

/** Provides the texts of `load` in `language` to everything below. Suspends while they load. */
export function TextProvider(props: { language: Language; load: TextLoader; children: ReactNode }) {
  const { language, load, children } = props;
  const texts = use(load(language));
  // A layout effect, so that it runs before the queries of everything below, which start in effects.
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    setRequestLanguage(language);
  }, [language]);
  const value = useMemo(() => ({ language, texts }), [language, texts]);
  return <TextContext value={value}>{children}</TextContext>;
}

/** Adds the texts of `load` to those already loaded, as the admin menu does. Suspends while they load. */
export function MoreTexts({ load, children }: { load: TextLoader; children: ReactNode }) {
  const { language, texts } = useTextContext();
  const more = use(load(language));
  const value = useMemo(() => ({ language, texts: { ...texts, ...more } }), [language, texts, more]);
  return <TextContext value={value}>{children}</TextContext>;
}

function useTextContext(): TextContextValue {
  const value = use(TextContext);
  if (!value) throw new Error('No TextProvider above this component');
  return value;
}

/** The texts of one feature in the current language. */
export function useText<Part extends keyof Texts>(part: Part): Texts[Part] {
  const found = useTextContext().texts[part];
  if (found === undefined) throw new Error(`The texts "${part}" are not loaded on this page`);
  return found as Texts[Part];
}

export function useLanguage(): Language {
  return useTextContext().language;
}
