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
import { belowAdmin, pages } from '../pages.ts';
import { AdminConsentRoute } from './admin-consent-route.tsx';
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
const firstAdmin = createRoute({
  getParentRoute: () => rootRoute,
  path: pages.firstAdmin.path,
  component: FirstAdminRoute,
});
const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: pages.invitation.path,
  component: lazyRouteComponent(() => import('./invitation-route.tsx'), 'InvitationRoute'),
});
const outcome = createRoute({
  getParentRoute: () => rootRoute,
  path: pages.outcome.path,
  component: OutcomeRoute,
});
const confirm = createRoute({
  getParentRoute: () => rootRoute,
  path: pages.confirm.path,
  component: ConfirmRoute,
});

const adminConsent = createRoute({
  getParentRoute: () => rootRoute,
  path: pages.adminConsent.path,
  component: AdminConsentRoute,
});

/** Pages for signed-in users. */
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
const home = createRoute({ getParentRoute: () => portal, path: pages.home.path, component: HomePage });
const authorization = createRoute({
  getParentRoute: () => portal,
  path: pages.authorization.path,
  component: AuthorizationPage,
});
const account = createRoute({ getParentRoute: () => portal, path: pages.account.path, component: AccountPage });
// Inside the portal, so that an unknown address keeps the header.
const unknown = createRoute({ getParentRoute: () => portal, path: '$', component: NotFound });

/** Pages for administrators, loaded when opened. */
const admin = createRoute({
  getParentRoute: () => portal,
  path: pages.admin.path,
  component: AdminFrame,
  // In parallel with the page's own code. If they cannot be loaded, the frame retries and shows the error.
  loader: () => loadAdminTexts(browserLanguage()).catch(() => undefined),
});
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: pages.settings.path, replace: true });
  },
});
const settings = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.settings.path),
  component: lazyRouteComponent(() => import('../features/connection/setup/settings-view.tsx'), 'SettingsView'),
});
const authProviderList = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.authProviders.path),
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
  path: belowAdmin(pages.newAuthProvider.path),
  component: authProviderView,
});
const authProvider = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.authProvider.path),
  component: authProviderView,
});
const remoteSiteList = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.remoteSites.path),
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
  path: belowAdmin(pages.newRemoteSite.path),
  component: remoteSiteView,
});
const remoteSite = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.remoteSite.path),
  component: remoteSiteView,
});
const accountLinks = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.accountLinks.path),
  component: lazyRouteComponent(
    () => import('../features/connection/links/account-links-view.tsx'),
    'AccountLinksView',
  ),
});
const csvImports = () => import('../features/imports/csv-import-view.tsx');
const accountLinksImport = lazyRouteComponent(csvImports, 'AccountLinksImportView');
const newAccountLinksImport = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.newAccountLinksImport.path),
  component: accountLinksImport,
});
const oneAccountLinksImport = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.accountLinksImport.path),
  component: accountLinksImport,
});
const usersImport = lazyRouteComponent(csvImports, 'UsersImportView');
const newUsersImport = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.newUsersImport.path),
  component: usersImport,
});
const oneUsersImport = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.usersImport.path),
  component: usersImport,
});
const users = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.users.path),
  component: lazyRouteComponent(() => import('../features/users/users-view.tsx'), 'UsersView'),
});
const diagnosis = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.diagnosis.path),
  component: lazyRouteComponent(() => import('../features/diagnosis/doctor-view.tsx'), 'DoctorView'),
});
const errorEvents = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.errorEvents.path),
  component: lazyRouteComponent(() => import('../features/triage/log/error-log-view.tsx'), 'ErrorLogView'),
});
const errorCatalogue = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.errorCatalogue.path),
  component: lazyRouteComponent(() => import('../features/triage/dictionary/catalogue-view.tsx'), 'CatalogueView'),
});
const errorCatalogueEntry = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.errorCatalogueEntry.path),
  component: lazyRouteComponent(() => import('../features/triage/dictionary/entry-view.tsx'), 'EntryView'),
});
const auditEvents = createRoute({
  getParentRoute: () => admin,
  path: belowAdmin(pages.auditEvents.path),
  component: lazyRouteComponent(() => import('../features/triage/log/audit-events-view.tsx'), 'AuditEventsView'),
});

const routeTree = rootRoute.addChildren([
  firstAdmin,
  invitation,
  outcome,
  confirm,
  adminConsent,
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
