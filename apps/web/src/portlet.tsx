import 'virtual:slds-portlet.css';
import icons from 'virtual:slds-portlet-icons';
import './styles/base.css';
import './styles/error-view.css';
import './styles/new-arrivals.css';
import './styles/portlet.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, Suspense, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { followPortletSession } from './app/follow-session.ts';
import { LanguageProvider } from './app/language.tsx';
import { PortletPage } from './app/portlet-page.tsx';
import { newArrivalsQuery } from './features/mail/queries.ts';
import { loadPortletTexts } from './i18n/load-portlet-texts.ts';
import { setRequestLanguage } from './lib/api-client.ts';
import { browserLanguage } from './lib/language-choice.ts';
import { followConnection } from './queries/connection-changed.ts';
import { lookWhoIsBack } from './queries/look-who-is-back.ts';
import { createQueryClient } from './queries/query-client.ts';
import { sessionQuery } from './queries/session-query.ts';
import { installIcons } from './ui/install-icons.ts';
import { fetchLateParts } from './ui/late-part.ts';

installIcons(icons);
const language = browserLanguage();
setRequestLanguage(language);
void loadPortletTexts(language).catch(() => undefined);
const queryClient = createQueryClient();
// Before anything is asked or taken: no message of another tab may be lost in between.
followConnection(queryClient);
followPortletSession(queryClient);
lookWhoIsBack(queryClient);
// Both are on their way already (portlet-early.ts).
void queryClient.prefetchQuery(sessionQuery);
void queryClient.prefetchQuery(newArrivalsQuery).then(fetchLateParts);

const root = document.getElementById('root');
if (!root) throw new Error('portlet.html has no #root');
// As a transition: otherwise React holds back the page after a fallback, here an empty one, for 300 ms.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={null}>
          <LanguageProvider load={loadPortletTexts}>
            <PortletPage />
          </LanguageProvider>
        </Suspense>
      </QueryClientProvider>
    </StrictMode>,
  ),
);
