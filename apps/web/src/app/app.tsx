import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense } from 'react';
import { loadPortalTexts } from '../i18n/load-portal-texts.ts';
import { ToastRegion } from '../ui/toast-region.tsx';
import { LanguageProvider } from './language.tsx';
import { router } from './router.tsx';

export function App({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Suspense fallback={null}>
        <LanguageProvider load={loadPortalTexts}>
          <ToastRegion>
            <RouterProvider router={router} />
          </ToastRegion>
        </LanguageProvider>
      </Suspense>
    </QueryClientProvider>
  );
}
