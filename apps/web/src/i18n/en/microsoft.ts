import type { microsoft as japanese } from '../ja/microsoft.ts';

export const microsoft: typeof japanese = {
  notAuthorized: 'Connect your Microsoft 365 account',
  authorize: 'Connect Microsoft 365',
  authorizeWithOther: 'Connect a different account',
  authorizeAgain: 'Connect again',
  notLinkedForAdmin: 'Message for your system administrator',
  copyRequest: 'Copy message',
  request: (username) =>
    [
      'Please register my Microsoft 365 account under "Account links" in Argus.',
      `Salesforce account: ${username}`,
      'Microsoft 365 account: (your work email address)',
    ].join('\n'),
  linkedAccount: 'Assigned account',
  authorizedAccount: 'Connected account',
  toAuthorization: 'Open Microsoft 365 connection',
  popup: {
    opening: 'Opening a window to connect…',
    waiting: (afterwards) => `Continue in the other window. ${afterwards}`,
    blocked: [
      'Your browser blocked the window for connecting.',
      'Allow pop-ups for this site using the icon in the address bar, then choose the button again.',
    ],
    lost: 'If you closed the window or cannot find it, start again.',
    startAgain: 'Start again',
    lapsed: 'Your account was not connected. Try again.',
  },
};
