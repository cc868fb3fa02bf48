import type { overview as ja } from '../../ja/triage/overview.ts';
import { counted } from '../counted.ts';

/** 概要 */
export const overview: typeof ja = {
  title: 'Overview',
  note: 'How far the set-up is, and how the connection is now.',
  setUp: 'Getting started',
  done: 'Done',
  next: 'Next',
  later: 'Not done yet',
  steps: {
    provider: {
      title: 'Create an auth. provider',
      text: 'Register an app in Microsoft Entra, then enter its application ID and the value of its client secret.',
      open: 'Open auth. providers',
    },
    sites: {
      title: 'Register the remote sites',
      text: 'Register and activate the sites that Argus calls: those of the token endpoint URL and of the mail URL.',
      open: 'Open remote sites',
    },
    settings: {
      title: 'Choose the auth. provider in the settings',
      text: 'Enter the URL suffix of your auth. provider as “Auth. Provider URL Suffix”.',
      open: 'Open settings',
    },
    links: {
      title: 'Link users to their Microsoft 365 accounts',
      text: 'One by one, or with a CSV file.',
      open: 'Open account links',
    },
    first_success: {
      title: 'The first user authorizes and sees their mail',
      text: 'Once a user has authorized with Microsoft 365 under “Authorization”, their new mail appears. You can try it with your own account.',
      open: 'Open authorization',
    },
  },
  health: 'Right now',
  mail: 'Fetching mail',
  well: 'Working',
  stopped: 'Stopped for everyone',
  silent: 'No mail fetched for a long time',
  noSuccessYet: 'Not fetched yet',
  lastSuccess: 'Last success',
  diagnose: 'Connection doctor',
  users: 'Users who authorized',
  authorizedOf: (authorized, linked) => `${authorized} of ${linked} linked`,
  about: (count) => `about ${count}`,
  openLinks: 'Account links',
  errors: 'Open errors (24 hours)',
  noCauses: 'None',
  causes: (causes, users) => `${counted(causes, 'cause', 'causes')} · ${counted(users, 'user', 'users')}`,
  openLog: 'Error log',
  secret: 'Consumer secret expires',
  expiryUnknown: 'not entered',
  expired: 'expired',
  daysLeft: (days) => `${counted(String(days), 'day', 'days')} left`,
  openProvider: 'Auth. provider',
  jobs: 'Jobs (keeping authorizations alive …)',
  jobsUp: 'Running',
  jobsDown: 'Not running',
  jobsUnknown: 'Starting',
};
