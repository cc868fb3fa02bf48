import type { Notice } from '@argus/contract/endpoints/triage/board';
import { useIsMutating, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { loadAdminTexts } from '../i18n/load-admin-texts.ts';
import { MoreTexts, useLanguage, useText } from '../i18n/text-context.tsx';
import { useDelayed } from '../lib/use-delayed.ts';
import { menuGroups, menuPages, pages } from '../pages.ts';
import { noticesQuery } from '../queries/notices-query.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { Icon } from '../ui/icon.tsx';
import { PasswordGate } from '../ui/password-gate.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { AdminNotices } from './admin-notices.tsx';
import { NoticePage } from './notice-page.tsx';

/** 管理者メニュー: vertical navigation on the left, the page on the right. The API enforces the access. */
export function AdminFrame() {
  const words = useText('shell');
  const { user } = useSuspenseQuery(sessionQuery).data;
  if (user?.role !== 'admin')
    return <NoticePage title={words.adminsOnly} text={words.adminsOnlyText} icon="utility:lock" />;
  return <FrameOfAdmins />;
}

function FrameOfAdmins() {
  const { notices, version, settled } = useNotices();
  return (
    <div className="argus-admin-frame">
      <AdminNavigation />
      <div className="argus-admin-frame__page" data-settling={!settled || undefined}>
        <AdminNotices notices={notices} />
        <Suspense fallback={<SkeletonLines lines={6} />}>
          <MoreTexts load={loadAdminTexts}>
            <Outlet />
            <PasswordGate />
          </MoreTexts>
        </Suspense>
        <footer className="argus-admin-frame__footer">{version === undefined ? null : `Argus ${version}`}</footer>
      </div>
    </div>
  );
}

/** Notices that a page shows itself are not repeated above it. */
const saidByPage: Readonly<Record<string, readonly Notice['kind'][]>> = {
  [pages.errorEvents.path]: ['no_success', 'users_without_success'],
};

/**
 * The notices for this page. The page waits until they have loaded or taken too long, so that nothing moves under a
 * pointer.
 */
function useNotices(): { notices: readonly Notice[]; version: string | undefined; settled: boolean } {
  const { pathname } = useLocation();
  const { data, isPending } = useQuery(noticesQuery);
  const waitedLong = useDelayed(300);
  useRefreshAfterChanges();
  useRefreshOnTheWay(pathname);
  const said = saidByPage[pathname] ?? [];
  const notices = data?.items.filter(({ kind }) => !said.includes(kind)) ?? [];
  return { notices, version: data?.version, settled: !isPending || waitedLong };
}

/** Another administrator, or another tab, may have changed something since the last page. */
function useRefreshOnTheWay(pathname: string) {
  const queryClient = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page asks, whichever it is
  useEffect(() => {
    void queryClient.refetchQueries({ queryKey: noticesQuery.queryKey, stale: true }, { cancelRefetch: false });
  }, [pathname, queryClient]);
}

/** A saved change may have resolved a notice. */
function useRefreshAfterChanges() {
  const queryClient = useQueryClient();
  const changing = useIsMutating() > 0;
  const changed = useRef(false);
  useEffect(() => {
    if (!changing && changed.current) void queryClient.invalidateQueries({ queryKey: noticesQuery.queryKey });
    changed.current = changing;
  }, [changing, queryClient]);
}

/** The vertical navigation. On a narrow screen it is one button that names the page and opens the list. */
function AdminNavigation() {
  const words = useText('shell');
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const current = menuPages.find(({ path }) => pathname.startsWith(path));
  return (
    <nav className="argus-admin-nav" aria-label={words.admin.navigation} data-open={open}>
      <button type="button" className="argus-admin-nav__toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {current ? <Icon name={current.icon} tone="current" /> : null}
        <span className="argus-admin-nav__current">{current ? current.title[language] : words.admin.navigation}</span>
        <Icon name="utility:chevrondown" size="xx-small" tone="current" />
      </button>
      {menuGroups.map((group) => (
        <section key={group}>
          <h2 className="argus-admin-nav__group">{words.admin.groups[group]}</h2>
          <ul className="argus-admin-nav__items">
            {menuPages
              .filter((page) => page.group === group)
              .map(({ path, title, icon }) => (
                <li key={path}>
                  <Link to={path} className="argus-admin-nav__item" onClick={() => setOpen(false)}>
                    <Icon name={icon} tone="current" />
                    {title[language]}
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
