import type { shell as japanese } from '../ja/shell.ts';
import { counted } from './counted.ts';

export const shell: typeof japanese = {
  pageTitle: (page) => `${page} | Argus`,
  skipToMain: 'Skip to main content',
  mainNavigation: 'Main menu',
  home: 'Home',
  authorization: 'Authorization',
  adminMenu: 'Admin menu',
  language: 'Language',
  accountMenu: 'Account menu: ',
  roles: { user: 'User', admin: 'Administrator' },
  account: 'Change password',
  signOut: 'Sign out',
  notFound: 'Page not found',
  notFoundText: 'The address may be mistyped, or the page has moved.',
  goHome: 'Back to home',
  adminsOnly: 'Only administrators can see this page',
  adminsOnlyText: 'If you need it, ask your system administrator.',
  reload: 'Reload the page',
  sessionEnded: 'Sign in again',
  sessionEndedText: 'Your session has ended. Sign in, and you can go on with what you have entered.',
  signedOutElsewhere: 'You signed out in another tab. To go on, sign in again.',
  leaveTitle: 'Your changes are not saved',
  leaveText: 'If you leave this page, what you have entered is lost.',
  leave: 'Leave without saving',
  stay: 'Stay on this page',
  admin: {
    navigation: 'Admin menu',
    groups: { connection: 'Connection', people: 'People', records: 'Diagnosis and records' },
    settings: 'Settings',
    authProviders: 'Auth. Providers',
    remoteSites: 'Remote Sites',
    accountLinks: 'Account links',
    users: 'Users',
    diagnosis: 'Connection doctor',
    errorEvents: 'Error log',
    errorCatalogue: 'Error catalogue',
    auditEvents: 'Audit log',
  },
  notices: {
    title: 'What needs your attention',
    secretExpiring: (provider, date, days) =>
      `The consumer secret of the auth. provider "${provider}" expires on ${date} (${days} days left).`,
    secretLastDay: (provider, date) =>
      `Today (${date}) is the last day of the consumer secret of the auth. provider "${provider}".`,
    secretExpired: (provider, date) =>
      `The consumer secret of the auth. provider "${provider}" expired on ${date}. Register a new one.`,
    renewSecret: 'Renew the consumer secret',
    noSuccess: (hours) => `No mail could be fetched for ${counted(hours, 'hour', 'hours')}.`,
    usersWithoutSuccess: (users) => `Mail keeps failing for ${counted(users, 'user', 'users')}.`,
    signInFailures: (hours, failures, users) =>
      `In the last ${counted(hours, 'hour', 'hours')}, ${counted(failures, 'sign-in', 'sign-ins')} failed or were refused, for ${counted(users, 'user', 'users')}. Somebody may be guessing passwords.`,
    moved: (when, who, what, times) =>
      `${when}: ${who} ${what}${times}. If nobody can tell why, change it back at once.`,
    movedTimes: (times) => ` (${times} times in these seven days)`,
    providerSwitched: (from, to) => `changed the auth. provider in use from ${from} to ${to}`,
    noProvider: 'none',
    authorizeEndpointMoved: (provider, from, to) =>
      `moved the authorize endpoint URL of the auth. provider "${provider}" from ${from} to ${to}`,
    tokenEndpointMoved: (provider, from, to) =>
      `moved the token endpoint URL of the auth. provider "${provider}" from ${from} to ${to}`,
    mailUrlMoved: (from, to) => `moved the URL in Settings from ${from} to ${to}`,
    openAudit: 'Open the audit log',
    openLog: 'Open the error log',
    openUsers: 'See these users',
  },
};
