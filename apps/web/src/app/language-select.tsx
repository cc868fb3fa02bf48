import { type Language, languages } from '@argus/contract/language';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { request } from '../lib/api-client.ts';
import { isNotSession, sessionQuery } from '../queries/session-query.ts';
import { useChooseLanguage } from './language.tsx';

const names: Readonly<Record<Language, string>> = { ja: '日本語', en: 'English' };

/** The language switch; the choice is stored in the signed-in user's account, and in this browser. */
export function LanguageSelect() {
  const words = useText('shell');
  const language = useLanguage();
  const choose = useChooseLanguage();
  const queryClient = useQueryClient();
  const signedIn = Boolean(useQuery(sessionQuery).data?.user);
  const save = useMutation({
    mutationFn: (next: Language) => request('PUT /api/session/language', { body: { language: next } }),
    onSuccess: async (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      // The API's texts are in the old language. Replies in flight are too, and an invalidation alone would let them
      // arrive.
      const worded = { predicate: isNotSession };
      await queryClient.cancelQueries(worded);
      await queryClient.invalidateQueries(worded);
    },
  });
  const change = (next: Language) => {
    choose(next);
    if (signedIn) save.mutate(next);
  };
  return (
    <label className="argus-language">
      <span className="slds-assistive-text">{language === 'en' ? words.language : `${words.language} / Language`}</span>
      <select
        className="slds-select argus-language__select"
        value={language}
        onChange={(event) => change(event.target.value === 'en' ? 'en' : 'ja')}
      >
        {languages.map((each) => (
          <option key={each} value={each} lang={each}>
            {names[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
