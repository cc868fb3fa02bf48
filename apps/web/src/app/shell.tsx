import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { Suspense, useEffect, useMemo } from 'react';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { headerPages, pages } from '../pages.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { NavigateProvider } from '../ui/app-link.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ArgusMark } from './argus-mark.tsx';
import { LanguageSelect } from './language-select.tsx';

/** The frame of the portal: global header, and the page below it. */
export function Shell() {
  const words = useText('shell');
  const language = useLanguage();
  const { user } = useSuspenseQuery(sessionQuery).data;
  const navigate = useNavigate();
  const go = useMemo(() => (to: string) => void navigate({ href: to }), [navigate]);
  useFocusOnNavigation();
  return (
    <NavigateProvider value={go}>
      <a className="argus-skip" href="#main">
        {words.skipToMain}
      </a>
      <header className="argus-header">
        <Link to={pages.home.path} className="argus-header__mark" aria-label={`Argus ${pages.home.title[language]}`}>
          <ArgusMark />
        </Link>
        <nav className="argus-header__nav" aria-label={words.mainNavigation}>
          {headerPages
            .filter(({ access }) => access === 'user' || user?.role === 'admin')
            .map(({ path, title }) => (
              <Link
                key={path}
                to={path}
                className="argus-header__item"
                // Every address begins with that of the home page.
                activeOptions={{ exact: path === pages.home.path }}
              >
                {title[language]}
              </Link>
            ))}
        </nav>
        <div className="argus-header__tools">
          <LanguageSelect />
          {user ? <AccountMenu user={user} /> : null}
        </div>
      </header>
      <main id="main" className="argus-main" tabIndex={-1}>
        <Suspense fallback={<SkeletonLines lines={6} />}>
          <Outlet />
        </Suspense>
      </main>
    </NavigateProvider>
  );
}

/** After navigation, the focus moves to the page's heading, so that a screen reader announces the page. */
function useFocusOnNavigation() {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        const heading = document.querySelector<HTMLElement>('main h1[tabindex]') ?? document.getElementById('main');
        heading?.focus({ preventScroll: true });
      }),
    [router],
  );
}
