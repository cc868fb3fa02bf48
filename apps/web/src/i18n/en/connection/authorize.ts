import type { authorize as japanese } from '../../ja/connection/authorize.ts';

export const authorize: typeof japanese = {
  title: 'Microsoft 365 connection',
  note: 'Connect your Microsoft 365 account so that your new mail can be shown.',
  accounts: 'Accounts',
  linkedAccount: 'Account assigned by your administrator',
  authorizedAccount: 'Connected account',
  notSet: 'Not assigned',
  notYet: 'Not connected',
  states: {
    not_linked: 'No account assigned',
    not_authorized: 'Not connected',
    authorized: 'Connected',
    mismatch: 'Accounts do not match',
    reconnect_needed: 'Connect again',
  },
  stateTexts: {
    not_linked: 'Ask your system administrator to register you under "Account links".',
    not_authorized: 'Choose "Connect Microsoft 365" to go to the Microsoft 365 sign-in page.',
    authorized: 'Your new mail can be shown.',
    mismatch: 'Connect again with the account assigned to you.',
    reconnect_needed: 'The connection has expired or was revoked in Microsoft 365. Connect again.',
  },
  afterwards: 'Your new mail will appear here when you are done.',
  unconfirmed: 'Waiting to be checked',
  unconfirmedText:
    'An administrator has changed the account assigned to you. The next time your new mail is shown, Argus will check whether it is the same account.',
  agree: 'Accounts match',
  differ: 'Accounts do not match',
  unknown: 'Accounts cannot be compared yet',
  authorizedAt: 'Connected on',
  lastSuccessAt: 'Mail last fetched',
  lastError: 'Last fetch error',
  never: 'None',
  authorize: 'Connect Microsoft 365',
  authorizeAgain: 'Connect again',
  authorizeWithOther: 'Connect a different account',
  revoke: 'Disconnect',
  revokeTitle: 'Disconnect Microsoft 365?',
  revokeText:
    'Argus immediately deletes its stored authorization and its copy of your mail. Your new mail will not be shown until you connect again.',
  revoked: 'Your Microsoft 365 account has been disconnected.',
  confirm: {
    title: 'Confirm the Microsoft 365 connection',
    whose: (displayName, username) =>
      `The Microsoft 365 account of ${displayName} (${username}) will be connected to Argus.`,
    next: 'Choose "Continue" to go to the Microsoft 365 sign-in page. Once you connect the account that your system administrator assigned to you, your new mail will appear in Argus.',
    goOn: 'Continue',
    notYou: 'If this is not you, close this page.',
  },
  adminConsent: {
    granted: {
      title: 'Admin consent has been granted',
      lines: [
        'Microsoft 365 reports that consent has been granted for your organization.',
        'Each user can now choose "Connect Microsoft 365" in Argus to see their new mail.',
      ],
    },
    declined: {
      title: 'Admin consent was not granted',
      lines: [
        'Consent was canceled or declined on the Microsoft 365 page.',
        'To grant consent, open the consent URL from your Argus administrator again.',
      ],
    },
    failed: {
      title: 'Admin consent could not be completed',
      lines: [
        'Microsoft 365 reports that consent could not be completed.',
        'Check that you are signed in with a role that can grant consent, then open the consent URL again.',
      ],
    },
    number: (number) => `Microsoft 365 error number: ${number} (you can search for it in the Argus error catalogue)`,
    nothingStored: 'Argus did not store anything as a result of this report. You can close this page.',
    open: 'Open Argus',
  },
  outcome: {
    title: 'Connection result',
    pending: 'Checking the result. Please stay on this page for a moment.',
    authorized: 'Your account is connected',
    authorizedAs: 'Connected account',
    caseDiffers:
      'It differs from the account assigned to you only in upper and lower case. You do not need to change anything.',
    upnRenamed: 'The account was renamed in Microsoft 365. You do not need to change anything.',
    backSoon: (seconds) => `Going back to your new mail in ${seconds} s.`,
    back: 'Back to new mail',
    failedTitle: 'Your account could not be connected',
    nothingConnected:
      'You canceled the sign-in or the consent, so nothing was connected. Your existing settings have not changed.',
    tryAgain: 'Connect again',
    toSettings: 'Back to Microsoft 365 connection',
    toHome: 'Back to Home',
    closing: 'This window will close automatically.',
    closeByHand: 'Close this window and go back to where you were.',
    closeWindow: 'Close window',
  },
};
