import 'virtual:slds-main.css';
import icons from 'virtual:slds-main-icons';
import './styles/base.css';
import './styles/error-view.css';
import './styles/new-arrivals.css';
import './styles/portal.css';
import './styles/authorization.css';
import './styles/overlays.css';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { followPortalSession } from './app/follow-session.ts';
import { loadPortalTexts } from './i18n/load-portal-texts.ts';
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
// The first page needs both, so they are requested before anything renders.
void loadPortalTexts(language).catch(() => undefined);
const queryClient = createQueryClient();
void queryClient.prefetchQuery(sessionQuery).then(fetchLateParts);
followConnection(queryClient);
followPortalSession(queryClient);
lookWhoIsBack(queryClient);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// As a transition: otherwise React holds back the page after a fallback, here an empty one, for 300 ms.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <App queryClient={queryClient} />
    </StrictMode>,
  ),
);
