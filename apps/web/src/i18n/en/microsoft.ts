import type { microsoft as japanese } from '../ja/microsoft.ts';

export const microsoft: typeof japanese = {
  notAuthorized: 'Connect Microsoft 365',
  authorize: 'Authorize with Microsoft 365',
  authorizeWithOther: 'Authorize with another account',
  authorizeAgain: 'Authorize again',
  notLinkedForAdmin: 'Text for your system administrator',
  copyRequest: 'Copy the text',
  request: (username) =>
    [
      'Please register my Microsoft 365 account in the account links of Argus.',
      `Salesforce account: ${username}`,
      'Microsoft 365 account: (your work e-mail address)',
    ].join('\n'),
  linkedAccount: 'Account that is set',
  authorizedAccount: 'Account that is authorized',
  toAuthorization: 'Open the authorization settings',
  popup: {
    opening: 'Opening a window to authorize…',
    waiting: (afterwards) => `Go on in the other window. ${afterwards}`,
    blocked: [
      'Your browser blocked the window.',
      'Allow pop-ups for this site with the icon in the address bar, then press the button again.',
    ],
    lost: 'If you closed that window or cannot find it, start again.',
    startAgain: 'Start again',
    lapsed: 'You have not been authorized. Try again.',
  },
};
