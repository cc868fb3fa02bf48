import { expect, test } from 'vitest';
import { hasStandardPath, hasTypedQuery } from '../src/messages-url.ts';
import { areDocumented, lacksMail } from '../src/scopes.ts';

test.each([
  ['openid Mail.Read', false],
  ['https://graph.microsoft.com/Mail.ReadBasic', false],
  ['MAIL.READWRITE', false],
  ['Mail.ReadBasic.Shared', false],
  ['https://graph.microsoft.com/.default', false],
  [undefined, false],
  ['  ', false],
  ['openid User.Read', true],
  ['Mail.Send', true],
  ['MailboxSettings.Read', true],
])('field A8: the scope %j lacks mail: %s', (scope, expected) => {
  expect(lacksMail(scope)).toBe(expected);
});

test.each([
  ['openid profile email offline_access User.Read Mail.Read', true],
  ['openid https://graph.microsoft.com/Mail.ReadBasic', true],
  ['openid Mail.ReadBsic', false],
  ['openid Mail.Raed', false],
  ['https://graph.microsoft.us/Mail.Read', false],
  ['', false],
])('field A2: the scopes %j are all documented: %s', (scopes, expected) => {
  expect(areDocumented(scopes.split(' ').filter(Boolean))).toBe(expected);
});

test.each([
  ['https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages', true, false],
  ["https://graph.microsoft.com/v1.0/me/mailFolders('Inbox')/messages?$top=5", true, true],
  ['https://graph.microsoft.com/beta/me/messages/', true, false],
  ['https://graph.microsoft.com/v1.0/me/messages?', true, false],
  ['https://graph.microsoft.com/v1.0/me/mailFolders/archive/messages', false, false],
  ['https://graph.microsoft.com/v1.0/me/mailFolderz/inbox/messages', false, false],
  ['https://graph.microsoft.com/v1.0/me/mailFolders/inbox', false, false],
  ['https://graph.microsoft.com/v1.0/users/a@b.example/messages', false, false],
])('field A1: %s has the standard path: %s, and a query: %s', (url, path, query) => {
  expect([hasStandardPath(url), hasTypedQuery(url)]).toEqual([path, query]);
});
