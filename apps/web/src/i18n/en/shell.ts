import type { shell as japanese } from '../ja/shell.ts';
import { counted } from './counted.ts';

export const shell: typeof japanese = {
  pageTitle: (page) => `${page} | Argus`,
  skipToMain: 'Skip to main content',
  mainNavigation: 'Main menu',
  language: 'Language',
  accountMenu: 'Account menu: ',
  roles: { user: 'User', admin: 'Administrator' },
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
  },
  notices: {
    title: 'What needs your attention',
    putOff: 'Remind me in 30 days',
    everybodyStopped: 'No user can get mail at the moment.',
    stops: {
      provider_missing: 'No auth. provider has the “Auth. Provider URL Suffix” of the settings.',
      secret_missing: 'The auth. provider in use has no consumer secret.',
      secret_expired: 'The consumer secret of the auth. provider in use has expired.',
      token_site: 'The site of the token endpoint URL is not an active remote site.',
      mail_site: 'The site of the mail URL is not an active remote site.',
    },
    mend: 'Open where to fix it',
    secretExpiring: (provider, date, days) =>
      `The consumer secret of the auth. provider "${provider}" expires on ${date} (${days} days left).`,
    secretLastDay: (provider, date) =>
      `Today (${date}) is the last day of the consumer secret of the auth. provider "${provider}".`,
    secretExpired: (provider, date) =>
      `The consumer secret of the auth. provider "${provider}" expired on ${date}. Register a new one.`,
    renewSecret: 'Renew the consumer secret',
    secretDatePassed: (provider, date, when) =>
      `The date that was entered for the consumer secret of the auth. provider "${provider}" (${date}) has passed, yet mail was fetched at ${when}. Check the date.`,
    correctDate: 'Check the date',
    noSuccess: (hours) => `No mail could be fetched for ${counted(hours, 'hour', 'hours')}.`,
    usersWithoutSuccess: (users) => `Mail keeps failing for ${counted(users, 'user', 'users')}.`,
    signInFailures: (hours, failures, users) =>
      `In the last ${counted(hours, 'hour', 'hours')}, ${counted(failures, 'sign-in', 'sign-ins')} failed or were refused (checks of an own password included), for ${counted(users, 'user', 'users')}. Somebody may be guessing passwords.`,
    moved: (when, who, what, times, advice) => `${when}: ${who} ${what}${times}. If nobody can tell why, ${advice}.`,
    moveBack: 'change it back at once',
    lookAtMoves: 'look at the changes in the audit log',
    movedTimes: (times) => ` (${times} times in these seven days)`,
    movedFromTo: (thing, from, to) => `changed the ${thing} from ${from} to ${to}`,
    movedAndBack: (thing, to) => `changed the ${thing}, which is back at ${to} now`,
    providerInUse: 'auth. provider in use',
    noProvider: 'none',
    authorizeEndpointOf: (provider) => `site of the authorize endpoint URL of the auth. provider "${provider}"`,
    tokenEndpointOf: (provider) => `site of the token endpoint URL of the auth. provider "${provider}"`,
    mailUrl: 'site of the URL in Settings',
    openAudit: 'Open the audit log',
    openLog: 'Open the error log',
    openUsers: 'See these users',
    jobsDown:
      'Jobs cannot run: authorizations are not kept alive, and old records stay. Ask whoever operates Argus to look at the log and at the rights in the database (schema pgboss).',
    clockDiffers: (seconds, isAhead) =>
      `The clock of the database is ${counted(seconds, 'second', 'seconds')} ${isAhead ? 'ahead of' : 'behind'} the server of Argus. Ask whoever operates Argus to look at the time synchronization.`,
    databasePlainText:
      'The connection to the database is not encrypted. Ask whoever operates Argus to set sslmode=verify-full in DATABASE_URL.',
    alertsFail: (name) => `Alerts do not reach "${name}".`,
    openAlert: 'Open the destination',
    publicUrlDiffers: (publicUrl) =>
      `In the last day, somebody opened Argus at another address than ${publicUrl}, where nobody can sign in. Tell your users to use ${publicUrl}. The log of Argus has the address.`,
  },
};
