import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { expect, it } from 'vitest';
import { changeLink, linkOf } from '../support/change-link.ts';
import { linkFile, linkHeader } from '../support/csv-company.ts';
import { apply, undo, upload } from '../support/csv-upload.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

stageConnected();

const username = 'w@argus.example';
const { taro, hanako, jiro } = demoUsers;
const pin = async () => {
  const link = await argus.services.db.accountLink.findFirstOrThrow({ where: { account: { usernameKey: username } } });
  return link.pinnedObjectId;
};
const forgetPin = async () =>
  admin.call('DELETE /api/admin/account-links/:id/pinned-identity', {
    params: { id: (await linkOf(admin, username)).id },
  });

it('S-4: an undo removes no pin from a link whose user has authorized since', async () => {
  const user = await argus.signedIn(username);
  const { userPrincipalName: microsoftAccount, oid } = jiro;
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount } });
  await argus.addAccount('k@argus.example');
  const file = [linkHeader, 'k@argus.example,someone@contoso.example'].join('\r\n');
  const replaced = await apply(admin, await upload(admin, file, { mode: 'replace' }));
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount } });
  await user.authorize(microsoftAccount);
  expect(await pin()).toBe(oid);
  await admin.call('DELETE /api/admin/account-links/:id', { params: { id: (await linkOf(admin, username)).id } });
  expect(await undo(admin, replaced)).toMatchObject({ state: 'undone' });
  expect(await pin()).toBe(oid);
  const { db } = argus.services;
  await db.accountLink.deleteMany();
  await db.grant.deleteMany();
});

it('S-4: an undo that restores the pin of another account verifies no grant again', async () => {
  const { control } = argus.fake;
  const user = await argus.signedIn(username);
  const name = taro.userPrincipalName;
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: name } });
  await user.authorize(name);
  const imported = await apply(admin, await upload(admin, linkFile(['w', 'typo@contoso.example'])));
  await changeLink(admin, username, name);
  // The name goes to hanako, whom the administrator accepts.
  control.renameUser(name, 'former1@contoso.example');
  control.renameUser(hanako.userPrincipalName, name);
  await forgetPin();
  await user.authorize(name);
  expect(await pin()).toBe(hanako.oid);
  await changeLink(admin, username, 'typo@contoso.example');
  expect(await undo(admin, imported)).toMatchObject({ state: 'undone' });
  // And back.
  control.renameUser(name, 'former2@contoso.example');
  control.renameUser('former1@contoso.example', name);
  control.injectMail({ user: 'former2@contoso.example', subject: 'of the former mailbox' });
  await forgetPin();
  const reply = await user.send('GET', '/api/new-arrivals?refresh=true');
  expect(reply.body).toMatchObject({ code: 'mail_account_mismatch' });
  expect(reply.text).not.toContain('of the former mailbox');
});
