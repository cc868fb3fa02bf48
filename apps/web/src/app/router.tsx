import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { AccountPage } from '../features/accounts/account-page.tsx';
import { loadAdminTexts } from '../i18n/load-admin-texts.ts';
import { browserLanguage } from '../lib/language-choice.ts';
import { formatQuery, parseQuery } from '../lib/query-params.ts';
import { AdminFrame } from './admin-frame.tsx';
import { AuthorizationPage } from './authorization-page.tsx';
import { ConfirmRoute } from './confirm-route.tsx';
import { FirstAdminRoute } from './first-admin-route.tsx';
import { HomePage } from './home-page.tsx';
import { NotFound } from './not-found.tsx';
import { OutcomeRoute } from './outcome-route.tsx';
import { RouteError } from './route-error.tsx';
import { SessionGuard } from './session-guard.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Outlet });

/** Pages for everybody. */
const firstAdmin = createRoute({ getParentRoute: () => rootRoute, path: '/first-admin', component: FirstAdminRoute });
const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./invitation-route.tsx'), 'InvitationRoute'),
});
const outcome = createRoute({
  getParentRoute: () => rootRoute,
  path: '/authorization/outcome/$id',
  component: OutcomeRoute,
});
const confirm = createRoute({
  getParentRoute: () => rootRoute,
  path: '/authorization/confirm',
  component: ConfirmRoute,
});

/** Pages for who is signed in. */
const portal = createRoute({
  getParentRoute: () => rootRoute,
  id: 'portal',
  component: () => (
    <SessionGuard>
      <Shell />
    </SessionGuard>
  ),
  notFoundComponent: NotFound,
});
const home = createRoute({ getParentRoute: () => portal, path: '/', component: HomePage });
const authorization = createRoute({
  getParentRoute: () => portal,
  path: '/authorization',
  component: AuthorizationPage,
});
const account = createRoute({ getParentRoute: () => portal, path: '/account', component: AccountPage });
// Inside the portal, so that an unknown address keeps the header.
const unknown = createRoute({ getParentRoute: () => portal, path: '$', component: NotFound });

/** Pages for administrators, loaded when they are opened. */
const admin = createRoute({
  getParentRoute: () => portal,
  path: '/admin',
  component: AdminFrame,
  // Beside the page's own code. Where they cannot be had, the frame asks again and shows the error.
  loader: () => loadAdminTexts(browserLanguage()).catch(() => undefined),
});
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/settings', replace: true });
  },
});
const settings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/connection/setup/settings-view.tsx'), 'SettingsView'),
});
const authProviderList = createRoute({
  getParentRoute: () => admin,
  path: '/auth-providers',
  component: lazyRouteComponent(
    () => import('../features/connection/setup/auth-provider-list-view.tsx'),
    'AuthProviderListView',
  ),
});
const authProviderView = lazyRouteComponent(
  () => import('../features/connection/setup/auth-provider-view.tsx'),
  'AuthProviderView',
);
const newAuthProvider = createRoute({
  getParentRoute: () => admin,
  path: '/auth-providers/new',
  component: authProviderView,
});
const authProvider = createRoute({
  getParentRoute: () => admin,
  path: '/auth-providers/$id',
  component: authProviderView,
});
const remoteSiteList = createRoute({
  getParentRoute: () => admin,
  path: '/remote-sites',
  component: lazyRouteComponent(
    () => import('../features/connection/setup/remote-site-list-view.tsx'),
    'RemoteSiteListView',
  ),
});
const remoteSiteView = lazyRouteComponent(
  () => import('../features/connection/setup/remote-site-view.tsx'),
  'RemoteSiteView',
);
const newRemoteSite = createRoute({
  getParentRoute: () => admin,
  path: '/remote-sites/new',
  component: remoteSiteView,
});
const remoteSite = createRoute({ getParentRoute: () => admin, path: '/remote-sites/$id', component: remoteSiteView });
const accountLinks = createRoute({
  getParentRoute: () => admin,
  path: '/account-links',
  component: lazyRouteComponent(
    () => import('../features/connection/links/account-links-view.tsx'),
    'AccountLinksView',
  ),
});
const csvImports = () => import('../features/imports/csv-import-view.tsx');
const accountLinksImport = lazyRouteComponent(csvImports, 'AccountLinksImportView');
const newAccountLinksImport = createRoute({
  getParentRoute: () => admin,
  path: '/account-links/import',
  component: accountLinksImport,
});
const oneAccountLinksImport = createRoute({
  getParentRoute: () => admin,
  path: '/account-links/import/$id',
  component: accountLinksImport,
});
const usersImport = lazyRouteComponent(csvImports, 'UsersImportView');
const newUsersImport = createRoute({ getParentRoute: () => admin, path: '/users/import', component: usersImport });
const oneUsersImport = createRoute({ getParentRoute: () => admin, path: '/users/import/$id', component: usersImport });
const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  component: lazyRouteComponent(() => import('../features/users/users-view.tsx'), 'UsersView'),
});
const diagnosis = createRoute({
  getParentRoute: () => admin,
  path: '/diagnosis',
  component: lazyRouteComponent(() => import('../features/diagnosis/doctor-view.tsx'), 'DoctorView'),
});
const errorEvents = createRoute({
  getParentRoute: () => admin,
  path: '/error-events',
  component: lazyRouteComponent(() => import('../features/triage/log/error-log-view.tsx'), 'ErrorLogView'),
});
const errorCatalogue = createRoute({
  getParentRoute: () => admin,
  path: '/error-catalogue',
  component: lazyRouteComponent(() => import('../features/triage/dictionary/catalogue-view.tsx'), 'CatalogueView'),
});
const errorCatalogueEntry = createRoute({
  getParentRoute: () => admin,
  path: '/error-catalogue/$code',
  component: lazyRouteComponent(() => import('../features/triage/dictionary/entry-view.tsx'), 'EntryView'),
});
const auditEvents = createRoute({
  getParentRoute: () => admin,
  path: '/audit-events',
  component: lazyRouteComponent(() => import('../features/triage/log/audit-events-view.tsx'), 'AuditEventsView'),
});

const routeTree = rootRoute.addChildren([
  firstAdmin,
  invitation,
  outcome,
  confirm,
  portal.addChildren([
    home,
    authorization,
    account,
    admin.addChildren([
      adminHome,
      settings,
      authProviderList,
      newAuthProvider,
      authProvider,
      remoteSiteList,
      newRemoteSite,
      remoteSite,
      accountLinks,
      newAccountLinksImport,
      oneAccountLinksImport,
      users,
      newUsersImport,
      oneUsersImport,
      diagnosis,
      errorEvents,
      errorCatalogue,
      errorCatalogueEntry,
      auditEvents,
    ]),
    unknown,
  ]),
]);

/** Every page of the portal by its address. */
export const router = createRouter({
  routeTree,
  defaultErrorComponent: RouteError,
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: parseQuery,
  stringifySearch: formatQuery,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
