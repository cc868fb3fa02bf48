import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { expect, it } from 'vitest';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { changeLink, linkOf } from '../support/change-link.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const username = 'u@argus.example';
const taroUpn = demoUsers.taro.userPrincipalName;
const hanakoUpn = demoUsers.hanako.userPrincipalName;
const subject = 'of the other object id';

stageConnected();

async function use(authProviderUrlSuffix: string): Promise<void> {
  const { version } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', {
    body: { ...settingsOf(argus.fake), authProviderUrlSuffix, version },
  });
}

it('S-4: a name that went to another account opens no grant that this account has at another provider', async () => {
  const { control } = argus.fake;
  const user = await argus.signedIn(username);
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: taroUpn } });
  await user.authorize(taroUpn);
  await admin.call('POST /api/admin/auth-providers', {
    body: { ...providerOf(argus.fake), name: 'Second', urlSuffix: 'Second' },
  });
  control.setApp({ redirectUris: ['http://localhost:*/services/authcallback/*'] });
  await use('Second');
  await changeLink(admin, username, hanakoUpn);
  const start = await user.send('GET', '/services/auth/oauth/Second');
  const authorizeUrl = start.headers.get('location') ?? '';
  const { pathname, search } = new URL(
    (await control.signIn({ authorizeUrl, user: hanakoUpn, accept: true })).redirectUrl,
  );
  await user.send('GET', pathname + search);
  expect(await argus.services.db.accountLink.findFirst()).toMatchObject({ pinnedObjectId: demoUsers.hanako.oid });
  // At Microsoft hanako leaves, and taro gets that name.
  control.renameUser(hanakoUpn, 'former@contoso.example');
  control.renameUser(taroUpn, hanakoUpn);
  control.injectMail({ user: hanakoUpn, subject });
  await use(suffix);
  const reply = await user.send('GET', '/api/new-arrivals?refresh=true');
  expect(reply.body).toMatchObject({ code: 'mail_account_mismatch' });
  expect(reply.text).not.toContain(subject);
});

it('S-4: nor one that was verified by that name, before another account of the name was accepted elsewhere', async () => {
  const other = await argus.signedIn('v@argus.example');
  const { userPrincipalName: microsoftAccount } = demoUsers.jiro;
  await admin.call('POST /api/admin/account-links', { body: { username: 'v@argus.example', microsoftAccount } });
  await other.authorize(microsoftAccount);
  expect((await other.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  // As an authorization at another provider leaves the link.
  const pinnedObjectId = 'b2f0c0de-0001-4a6b-9c11-0d5a6e1f0001';
  await argus.services.db.accountLink.updateMany({ where: { microsoftAccount }, data: { pinnedObjectId } });
  expect(await other.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_account_mismatch' });
});

it('S-4: where an account’s id is forgotten, the audit log says which', async () => {
  const { db } = argus.services;
  const { id } = await linkOf(admin, username);
  const from = demoUsers.hanako.oid;
  await db.accountLink.updateMany({ data: { pinnedObjectId: from } });
  await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id } });
  const forgotten = [{ field: 'objectId', from, to: null }];
  const last = () => db.auditEvent.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(await last()).toMatchObject({ action: 'authorization_revoked', details: { changes: forgotten } });
  await db.accountLink.updateMany({ data: { pinnedObjectId: from } });
  await changeLink(admin, username, taroUpn);
  expect((await last()).details).toMatchObject({
    changes: [{ field: 'microsoftAccount', from: hanakoUpn, to: taroUpn }, ...forgotten],
  });
});
