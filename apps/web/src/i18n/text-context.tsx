import type { Language } from '@argus/contract/language';
import { createContext, type ReactNode, use, useLayoutEffect, useMemo } from 'react';
import { setRequestLanguage } from '../lib/api-client.ts';
import type { adminTexts } from './ja/admin.ts';
import type { portalTexts } from './ja/portal.ts';

/** Every text of the UI by feature. Japanese gives the shape; English is typed by it, so a missing text is a type error. */
export type Texts = typeof portalTexts & typeof adminTexts;
/** Loads some features' texts in one language; the same language gives the same promise. */
export type TextLoader = (language: Language) => Promise<Partial<Texts>>;

interface TextContextValue {
  readonly language: Language;
  readonly texts: Partial<Texts>;
}

const TextContext = createContext<TextContextValue | null>(null);

/** Makes a loader that asks for each language once; a failed load (offline) is asked again the next time. */
export function textLoader(load: TextLoader): TextLoader {
  const asked = new Map<Language, Promise<Partial<Texts>>>();
  return (language) => {
    let texts = asked.get(language);
    if (!texts) {
      const promise = load(language);
      texts = promise;
      asked.set(language, promise);
      promise.then(
        // What `use` notes on a promise once it has waited for it. Noted here, it does not wait at all: even to wait for a
        // promise that is kept shows the fallback, and React then shows that for 300 ms.
        (value) => Object.assign(promise, { status: 'fulfilled', value }),
        () => asked.delete(language),
      );
    }
    return texts;
  };
}

/** Gives the texts of `load` in `language` to everything below. Suspends while they load. */
export function TextProvider(props: { language: Language; load: TextLoader; children: ReactNode }) {
  const { language, load, children } = props;
  const texts = use(load(language));
  // A layout effect, so that it precedes the queries of everything below, which start in effects.
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    setRequestLanguage(language);
  }, [language]);
  const value = useMemo(() => ({ language, texts }), [language, texts]);
  return <TextContext value={value}>{children}</TextContext>;
}

/** Adds the texts of `load` to those already at hand, as the admin menu does. Suspends while they load. */
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
