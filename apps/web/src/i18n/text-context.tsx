import type { Language } from '@argus/contract/language';
import { createContext, type ReactNode, use, useLayoutEffect, useMemo } from 'react';
import { setRequestLanguage } from '../lib/api-client.ts';
import type { adminTexts } from './ja/admin.ts';
import type { portalTexts } from './ja/portal.ts';

/** Every text of the UI by feature. Japanese gives the shape; English is typed by it, so a missing text is a type error. */
export type Texts = typeof portalTexts & typeof adminTexts;
/** Loads some features' texts in one language; the same language gives the same promise. */
export interface TextLoader {
  (language: Language): Promise<Partial<Texts>>;
  /** The texts, once they are loaded. */
  readonly ready: ReadonlyMap<Language, Partial<Texts>>;
}

interface TextContextValue {
  readonly language: Language;
  readonly texts: Partial<Texts>;
}

const TextContext = createContext<TextContextValue | null>(null);

/** Makes a loader that asks for each language once; a failed load (offline) is asked again the next time. */
export function textLoader(load: (language: Language) => Promise<Partial<Texts>>): TextLoader {
  const asked = new Map<Language, Promise<Partial<Texts>>>();
  const ready = new Map<Language, Partial<Texts>>();
  const loader = (language: Language) => {
    let texts = asked.get(language);
    if (!texts) {
      texts = load(language);
      asked.set(language, texts);
      texts.then(
        (loaded) => ready.set(language, loaded),
        () => asked.delete(language),
      );
    }
    return texts;
  };
  return Object.assign(loader, { ready });
}

/** Texts that are there are taken as they are: to suspend, even on a promise that is kept, shows the fallback for 300 ms. */
function useLoaded(load: TextLoader, language: Language): Partial<Texts> {
  return load.ready.get(language) ?? use(load(language));
}

/** Gives the texts of `load` in `language` to everything below. Suspends while they load. */
export function TextProvider(props: { language: Language; load: TextLoader; children: ReactNode }) {
  const { language, load, children } = props;
  const texts = useLoaded(load, language);
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
  const more = useLoaded(load, language);
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
