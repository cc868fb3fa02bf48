import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
  redirect,
} from '@tanstack/react-router';
import { AccountPage } from '../features/accounts/account-page.tsx';
import { loadAdminTexts } from '../i18n/load-admin-texts.ts';
import { browserLanguage } from '../lib/language-choice.ts';
import { formatQuery, parseQuery } from '../lib/query-text.ts';
import { type AdminPath, belowAdmin, pages, type UserPath } from '../pages.ts';
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

function portalPage<const Path extends UserPath>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => portal, path, component });
}

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
    throw redirect({ to: pages.overview.path, replace: true });
  },
});

function adminPage<const Path extends AdminPath>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => admin, path: belowAdmin(path), component });
}

const authProviderView = lazyRouteComponent(
  () => import('../features/connection/setup/auth-provider-view.tsx'),
  'AuthProviderView',
);
const remoteSiteView = lazyRouteComponent(
  () => import('../features/connection/setup/remote-site-view.tsx'),
  'RemoteSiteView',
);
const alertPage = lazyRouteComponent(() => import('./alert-page.tsx'), 'AlertPage');
const csvImports = () => import('../features/imports/csv-import-view.tsx');
const accountLinksImport = lazyRouteComponent(csvImports, 'AccountLinksImportView');
const usersImport = lazyRouteComponent(csvImports, 'UsersImportView');

const routeTree = rootRoute.addChildren([
  firstAdmin,
  invitation,
  outcome,
  confirm,
  adminConsent,
  portal.addChildren([
    portalPage(pages.home.path, HomePage),
    portalPage(pages.authorization.path, AuthorizationPage),
    portalPage(pages.account.path, AccountPage),
    admin.addChildren([
      adminHome,
      adminPage(
        pages.overview.path,
        lazyRouteComponent(() => import('../features/triage/overview/overview-view.tsx'), 'OverviewView'),
      ),
      adminPage(
        pages.settings.path,
        lazyRouteComponent(() => import('../features/connection/setup/settings-view.tsx'), 'SettingsView'),
      ),
      adminPage(
        pages.authProviders.path,
        lazyRouteComponent(
          () => import('../features/connection/setup/auth-provider-list-view.tsx'),
          'AuthProviderListView',
        ),
      ),
      adminPage(
        pages.alerts.path,
        lazyRouteComponent(() => import('../features/alerts/alert-list-view.tsx'), 'AlertListView'),
      ),
      adminPage(pages.newAlert.path, alertPage),
      adminPage(pages.alert.path, alertPage),
      adminPage(pages.newAuthProvider.path, authProviderView),
      adminPage(pages.authProvider.path, authProviderView),
      adminPage(
        pages.remoteSites.path,
        lazyRouteComponent(
          () => import('../features/connection/setup/remote-site-list-view.tsx'),
          'RemoteSiteListView',
        ),
      ),
      adminPage(pages.newRemoteSite.path, remoteSiteView),
      adminPage(pages.remoteSite.path, remoteSiteView),
      adminPage(
        pages.accountLinks.path,
        lazyRouteComponent(() => import('../features/connection/links/account-links-view.tsx'), 'AccountLinksView'),
      ),
      adminPage(pages.newAccountLinksImport.path, accountLinksImport),
      adminPage(pages.accountLinksImport.path, accountLinksImport),
      adminPage(
        pages.users.path,
        lazyRouteComponent(() => import('../features/users/users-view.tsx'), 'UsersView'),
      ),
      adminPage(
        pages.embedding.path,
        lazyRouteComponent(() => import('../features/embedding/embedding-view.tsx'), 'EmbeddingView'),
      ),
      adminPage(
        pages.user.path,
        lazyRouteComponent(() => import('./person-page.tsx'), 'PersonPage'),
      ),
      adminPage(pages.newUsersImport.path, usersImport),
      adminPage(pages.usersImport.path, usersImport),
      adminPage(
        pages.diagnosis.path,
        lazyRouteComponent(() => import('../features/diagnosis/doctor-view.tsx'), 'DoctorView'),
      ),
      adminPage(
        pages.errorEvents.path,
        lazyRouteComponent(() => import('../features/triage/log/error-log-view.tsx'), 'ErrorLogView'),
      ),
      adminPage(
        pages.errorCatalogue.path,
        lazyRouteComponent(() => import('../features/triage/dictionary/catalogue-view.tsx'), 'CatalogueView'),
      ),
      adminPage(
        pages.errorCatalogueEntry.path,
        lazyRouteComponent(() => import('../features/triage/dictionary/entry-view.tsx'), 'EntryView'),
      ),
      adminPage(
        pages.auditEvents.path,
        lazyRouteComponent(() => import('../features/triage/log/audit-events-view.tsx'), 'AuditEventsView'),
      ),
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
