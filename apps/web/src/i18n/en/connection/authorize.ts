import type { authorize as japanese } from '../../ja/connection/authorize.ts';

export const authorize: typeof japanese = {
  title: 'Authorization',
  note: 'Authorize your Microsoft 365 account, so that your new mail can be shown.',
  accounts: 'Accounts',
  linkedAccount: 'Account set by your administrator',
  authorizedAccount: 'Account authorized',
  notSet: 'Not set',
  notYet: 'Not authorized',
  states: {
    not_linked: 'No account set',
    not_authorized: 'Not authorized',
    authorized: 'Authorized',
    mismatch: 'Accounts differ',
    reconnect_needed: 'Authorize again',
  },
  stateTexts: {
    not_linked: 'Ask your system administrator to register you in the account links.',
    not_authorized: 'Choose "Authorize" to go to the sign-in page of Microsoft 365.',
    authorized: 'Your new mail can be shown.',
    mismatch: 'Authorize again with the account that is set.',
    reconnect_needed: 'The authorization has expired or was revoked at Microsoft 365. Authorize again.',
  },
  unconfirmed: 'To be confirmed',
  unconfirmedText:
    'The administrator has changed the account that is set. When new mail is next shown, Argus checks whether it is the same account.',
  agree: 'They agree',
  differ: 'They differ',
  unknown: 'Cannot be compared yet',
  authorizedAt: 'Authorized',
  lastSuccessAt: 'Last success',
  lastError: 'Last fetch error',
  never: 'None',
  authorize: 'Authorize',
  authorizeAgain: 'Authorize again',
  authorizeWithOther: 'Authorize with another account',
  revoke: 'Revoke authorization',
  revokeTitle: 'Revoke the authorization?',
  revokeText:
    'Your authorization and the copy of your mail kept by Argus are deleted at once. Your new mail is not shown until you authorize again.',
  revoked: 'The authorization has been revoked.',
  confirm: {
    title: 'Connect to Microsoft 365',
    whose: (displayName, username) =>
      `The Microsoft 365 account of ${displayName} (${username}) will be connected to Argus.`,
    next: '"Continue" leads to the sign-in page of Microsoft 365. Once you have authorized with the account that your administrator has set, Argus shows its new mail.',
    goOn: 'Continue',
    notYou: 'If this is not you, close this page.',
  },
  adminConsent: {
    granted: {
      title: 'The administrator has consented',
      lines: [
        'Microsoft 365 reports that the consent for the organization has been given.',
        'From now on, each user authorizes with "Authorize with Microsoft 365" in Argus and sees their new mail.',
      ],
    },
    declined: {
      title: 'The administrator has not consented',
      lines: [
        'The consent was cancelled or refused on the page of Microsoft 365.',
        'To consent, open the consent URL from your Argus administrator again.',
      ],
    },
    failed: {
      title: 'The consent could not be completed',
      lines: [
        'Microsoft 365 reports that the consent could not be completed.',
        'Check that you sign in with a role that may consent, and open the consent URL again.',
      ],
    },
    number: (number) => `Error number of Microsoft 365: ${number} (search for it in the error catalogue of Argus)`,
    nothingStored: 'Argus has stored nothing because of this report. You can close this page.',
    open: 'Open Argus',
  },
  outcome: {
    title: 'Outcome of the authorization',
    pending: 'Waiting for the outcome. Stay on this page for a moment.',
    authorized: 'You are authorized',
    authorizedAs: 'Account authorized',
    caseDiffers: 'It differs from the account that is set in upper and lower case only. You can use it as it is.',
    upnRenamed: 'The account has been renamed at Microsoft 365. You can use it as it is.',
    backSoon: (seconds) => `Back to your new mail in ${seconds} s.`,
    back: 'Back to new mail',
    failedTitle: 'You could not be authorized',
    tryAgain: 'Authorize again',
    toSettings: 'Back to authorization',
    toHome: 'Back to home',
    closing: 'This window closes by itself.',
    closeByHand: 'Close this window and go back to where you were.',
    closeWindow: 'Close the window',
  },
};
