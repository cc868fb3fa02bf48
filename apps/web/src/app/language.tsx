import type { Language } from '@argus/contract/language';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useDeferredValue, useMemo, useState } from 'react';
import { type TextLoader, TextProvider } from '../i18n/text-context.tsx';
import { browserLanguage, rememberLanguage } from '../lib/language-choice.ts';
import { sessionQuery } from '../queries/session-query.ts';

const ChooseContext = createContext<((language: Language) => void) | null>(null);

/** Decides the language: the account's, else the last choice in this browser, else the browser's own. */
export function LanguageProvider({ load, children }: { load: TextLoader; children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const [chosen, setChosen] = useState(browserLanguage);
  // Deferred, so that the page stays visible while another language's texts load.
  const language = useDeferredValue(session.data?.user?.language ?? chosen);
  const choose = useMemo(
    () => (next: Language) => {
      rememberLanguage(next);
      setChosen(next);
    },
    [],
  );
  return (
    <ChooseContext value={choose}>
      <TextProvider language={language} load={load}>
        {children}
      </TextProvider>
    </ChooseContext>
  );
}

/** Sets the language of this browser. The account's own choice, if any, takes precedence. */
export function useChooseLanguage(): (language: Language) => void {
  const choose = use(ChooseContext);
  if (!choose) throw new Error('No LanguageProvider above this component');
  return choose;
}
