import type { links as japanese } from '../../ja/connection/links.ts';

export const links: typeof japanese = {
  title: 'Account links',
  note: 'Links between Salesforce accounts and Microsoft 365 accounts.',
  caption: 'Account links',
  create: 'New link',
  search: 'Search names and accounts',
  displayName: 'User Name',
  username: 'Salesforce account',
  microsoftAccount: 'Microsoft 365 account',
  state: 'Authorization',
  lastSuccess: 'Last success',
  lastError: 'Last fetch error',
  never: 'Never',
  states: {
    authorized: 'Authorized',
    not_authorized: 'Not authorized',
    mismatch: 'Accounts do not match',
    reconnect_needed: 'Needs to authorize again',
    not_linked: 'Not linked',
  },
  inactive: 'Deactivated user',
  signedInAs: (account) => `Authorized as ${account}`,
  hints: {
    case_differs: 'Differs from Microsoft 365 only in upper and lower case',
    upn_renamed: 'The account was renamed in Microsoft 365',
    link_changed:
      'The link was changed after the user authorized. The accounts will be compared the next time mail is fetched',
    account_recreated:
      'A different account with the same name was authorized. The account may have been deleted and re-created in Microsoft 365',
  },
  bulk: {
    remove: (count) => (count === 1 ? 'Delete 1 link' : `Delete ${count} links`),
    removeTitle: 'Delete the selected links',
    removeText: (count) => (count === 1 ? '1 link will be deleted.' : `${count} links will be deleted.`),
    removeEffect:
      'The users will no longer see their new mail. Right after deleting, you can undo the deletion, and their authorizations become valid again.',
    undo: 'Undo',
  },
  accept: 'Accept as this account',
  acceptText: (username: string, microsoftAccount: string) =>
    `The link of ${username} to ${microsoftAccount} can then be authorized with the re-created account.`,
  acceptEffect:
    'First confirm with a Microsoft Entra administrator that the account was re-created for this person. The user then needs to authorize again.',
  accepted: 'Accepted. Ask the user to authorize again.',
  openErrors: 'Error log for this user',
  revoke: 'Revoke authorization',
  empty: 'There are no links.',
  emptyText: 'Choose "New link" to link a Salesforce account to a Microsoft 365 account.',
  newTitle: 'New link',
  editTitle: 'Edit link',
  usernameHelp: 'The account used to sign in. Suggestions appear as you type.',
  microsoftAccountHelp: 'The user principal name (UPN) in Microsoft 365, such as taro@contoso.com',
  useAuthorized: 'Use this spelling',
  editEffect:
    'If you change this to a different account, the current authorization is put on hold and no mail is shown. If you change it back, mail is shown again.',
  created: 'The link has been added.',
  changed: 'The link has been changed.',
  removeTitle: 'Delete link',
  removeText: (username, microsoftAccount) => `The link between ${username} and ${microsoftAccount} will be deleted.`,
  removeEffect: 'The portlet of this user will no longer show any mail.',
  removed: 'The link has been deleted.',
  revokeText: (username) => `The authorization of ${username} will be revoked.`,
  revokeEffect:
    'The stored authorization and the mail being shown are deleted immediately. The user will need to authorize again.',
  revoked: 'The authorization has been revoked.',
};
