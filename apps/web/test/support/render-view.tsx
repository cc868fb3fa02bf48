import 'virtual:slds-main.css';
import icons from 'virtual:slds-main-icons';
import '../../src/styles/base.css';
import '../../src/styles/error-view.css';
import '../../src/styles/new-arrivals.css';
import '../../src/styles/portal.css';
import '../../src/styles/authorization.css';
import '../../src/styles/overlays.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, Suspense } from 'react';
import { vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { LanguageProvider } from '../../src/app/language.tsx';
import { loadPortalTexts } from '../../src/i18n/load-portal-texts.ts';
import { createQueryClient } from '../../src/queries/query-client.ts';
import { NavigateProvider } from '../../src/ui/app-link.tsx';
import { installIcons } from '../../src/ui/install-icons.ts';
import { ToastRegion } from '../../src/ui/toast-region.tsx';

installIcons(icons);

/** Renders a view as the portal does, but for its frame; `navigate` is called where a link leads to another page. */
export async function renderView(view: ReactNode) {
  const navigate = vi.fn<(to: string) => void>();
  await render(
    <QueryClientProvider client={createQueryClient()}>
      <Suspense fallback={null}>
        <LanguageProvider load={loadPortalTexts}>
          <NavigateProvider value={navigate}>
            <ToastRegion>
              <main>{view}</main>
            </ToastRegion>
          </NavigateProvider>
        </LanguageProvider>
      </Suspense>
    </QueryClientProvider>,
  );
  return { navigate };
}
