import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, type LinkProps, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { loadAdminTexts } from '../i18n/load-admin-texts.ts';
import { MoreTexts, useText } from '../i18n/text-context.tsx';
import { sessionQuery } from '../lib/session-query.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon-names.ts';
import { SkeletonLines } from '../ui/skeleton.tsx';
import { NoticePage } from './notice-page.tsx';

type AdminWords = ReturnType<typeof useText<'shell'>>['admin'];

interface Item {
  readonly to: NonNullable<LinkProps['to']>;
  readonly text: Exclude<keyof AdminWords, 'navigation' | 'groups'>;
  readonly icon: IconName;
}

const groups: readonly { readonly name: keyof AdminWords['groups']; readonly items: readonly Item[] }[] = [
  {
    name: 'connection',
    items: [
      { to: '/admin/settings', text: 'settings', icon: 'utility:settings' },
      { to: '/admin/auth-providers', text: 'authProviders', icon: 'utility:key' },
      { to: '/admin/remote-sites', text: 'remoteSites', icon: 'utility:world' },
    ],
  },
  {
    name: 'people',
    items: [
      { to: '/admin/account-links', text: 'accountLinks', icon: 'utility:linked' },
      { to: '/admin/users', text: 'users', icon: 'utility:people' },
    ],
  },
  {
    name: 'records',
    items: [
      { to: '/admin/error-events', text: 'errorEvents', icon: 'utility:warning' },
      { to: '/admin/audit-events', text: 'auditEvents', icon: 'utility:trail' },
    ],
  },
];

/** 管理者メニュー: vertical navigation on the left, the page on the right. The API holds the real lock. */
export function AdminFrame() {
  const words = useText('shell');
  const { user } = useSuspenseQuery(sessionQuery).data;
  if (user?.role !== 'admin')
    return <NoticePage title={words.adminsOnly} text={words.adminsOnlyText} icon="utility:lock" />;
  return (
    <div className="argus-admin-frame">
      <nav className="argus-admin-nav" aria-label={words.admin.navigation}>
        {groups.map(({ name, items }) => (
          <section key={name}>
            <h2 className="argus-admin-nav__group">{words.admin.groups[name]}</h2>
            <ul className="argus-admin-nav__items">
              {items.map(({ to, text, icon }) => (
                <li key={to}>
                  <Link to={to} className="argus-admin-nav__item">
                    <Icon name={icon} tone="current" />
                    {words.admin[text]}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className="argus-admin-frame__page">
        <Suspense fallback={<SkeletonLines lines={6} />}>
          <MoreTexts load={loadAdminTexts}>
            <Outlet />
          </MoreTexts>
        </Suspense>
      </div>
    </div>
  );
}
