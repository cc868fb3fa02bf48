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
  notFoundText: 'The address may be wrong, or the page may have moved.',
  goHome: 'Back to Home',
  adminsOnly: 'Only administrators can see this page',
  adminsOnlyText: 'If you need it, ask your system administrator.',
  reload: 'Reload the page',
  sessionEnded: 'Sign in again',
  sessionEndedText: 'Your session has ended. Sign in to continue where you left off; what you have entered is kept.',
  signedOutElsewhere: 'You signed out in another tab. To continue, sign in again.',
  leaveTitle: 'You have unsaved changes',
  leaveText: 'If you leave this page, what you have entered will be lost.',
  leave: 'Leave without saving',
  stay: 'Stay on this page',
  admin: {
    navigation: 'Admin menu',
    groups: { connection: 'Connection', people: 'People', records: 'Diagnosis and records' },
  },
  notices: {
    title: 'What needs your attention',
    putOff: 'Remind me in 30 days',
    everybodyStopped: 'Right now, no user can get mail.',
    stops: {
      provider_missing: 'No auth. provider matches "Auth. Provider URL Suffix" in Settings.',
      secret_missing: 'No consumer secret is set for the auth. provider in use.',
      secret_expired: 'The consumer secret of the auth. provider in use has expired.',
      token_site: 'The site of the token endpoint URL is not registered as an active remote site.',
      mail_site: 'The site of the mail URL is not registered as an active remote site.',
    },
    mend: 'Show where to fix it',
    secretExpiring: (provider, date, days) =>
      `The consumer secret of the auth. provider "${provider}" expires on ${date} (${counted(days, 'day', 'days')} left).`,
    secretLastDay: (provider, date) =>
      `Today (${date}) is the last day of the consumer secret of the auth. provider "${provider}".`,
    secretExpired: (provider, date) =>
      `The consumer secret of the auth. provider "${provider}" expired on ${date}. Register a new one.`,
    renewSecret: 'Renew the consumer secret',
    secretDatePassed: (provider, date, when) =>
      `The expiry date entered for the consumer secret of the auth. provider "${provider}" (${date}) has passed, but mail was fetched at ${when}. Check the date you entered.`,
    correctDate: 'Check the date',
    noSuccess: (hours) => `No mail has been fetched for ${counted(hours, 'hour', 'hours')}.`,
    usersWithoutSuccess: (users) => `Mail keeps failing for ${counted(users, 'user', 'users')}.`,
    signInFailures: (hours, failures, users) =>
      `In the last ${counted(hours, 'hour', 'hours')}, ${counted(failures, 'sign-in', 'sign-ins')} or password checks failed or were refused, affecting ${counted(users, 'user', 'users')}. Someone may be guessing passwords.`,
    moved: (when, who, what, times, advice) => `${when}: ${who} ${what}${times}. If you do not know why, ${advice}.`,
    moveBack: 'change it back immediately',
    lookAtMoves: 'check the changes in the audit log',
    movedTimes: (times) => ` (${times} times in the last 7 days)`,
    movedFromTo: (thing, from, to) => `changed the ${thing} from ${from} to ${to}`,
    movedAndBack: (thing, to) => `changed the ${thing}; it is now back to ${to}`,
    providerInUse: 'auth. provider in use',
    noProvider: 'none',
    authorizeEndpointOf: (provider) => `site of the authorize endpoint URL of the auth. provider "${provider}"`,
    tokenEndpointOf: (provider) => `site of the token endpoint URL of the auth. provider "${provider}"`,
    mailUrl: 'site of the URL in Settings',
    openAudit: 'Open the audit log',
    openLog: 'Open the error log',
    openUsers: 'Open the list of users',
    jobsDown:
      'Jobs cannot run. Until they do, user authorizations are not renewed and old records are not deleted. Ask the person who runs Argus to check the database permissions (schema pgboss) and the log.',
    clockDiffers: (seconds, isAhead) =>
      `The database clock is ${counted(seconds, 'second', 'seconds')} ${isAhead ? 'ahead of' : 'behind'} the Argus server clock. Ask the person who runs Argus to check time synchronization.`,
    databasePlainText:
      'The connection to the database is not encrypted. Ask the person who runs Argus to set sslmode=verify-full in DATABASE_URL.',
    alertsFail: (name) => `Alerts cannot be sent to "${name}".`,
    openAlert: 'Open the destination',
    publicUrlDiffers: (publicUrl) =>
      `In the last day, someone opened Argus at an address other than ${publicUrl}. Signing in is not possible there. Tell your users to use ${publicUrl}. The address that was opened is in the Argus log.`,
  },
};
