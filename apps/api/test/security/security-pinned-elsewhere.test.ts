import { randomUUID } from 'node:crypto';
import { startDeadline } from '@argus/egress/deadline';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, describe, expect, it } from 'vitest';
import { recordMismatch, storeEnd } from '../../src/connection/authorize/store-end.ts';
import { judgeAccount } from '../../src/connection/judge-account.ts';
import { readConnector } from '../../src/connection/records/connector.ts';
import type { Services } from '../../src/platform/services.ts';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { changeLink, linkOf } from '../support/change-link.ts';
import { linkFile } from '../support/csv-company.ts';
import { apply, upload } from '../support/csv-upload.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';
import { untilCalled } from '../support/wait-for.ts';

const username = 'u@argus.example';
const taroUpn = demoUsers.taro.userPrincipalName;
const hanakoUpn = demoUsers.hanako.userPrincipalName;
const subject = 'of the other object id';

stageConnected();
afterEach(() => argus.fake.control.clearFaults());

async function use(authProviderUrlSuffix: string): Promise<void> {
  const { version } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', {
    body: { ...settingsOf(argus.fake), authProviderUrlSuffix, version },
  });
}

type Client = Awaited<ReturnType<typeof argus.signedIn>>;

async function authorizeAtSecond(user: Client, upn: string): Promise<void> {
  const start = await user.send('GET', '/services/auth/oauth/Second');
  const authorizeUrl = start.headers.get('location') ?? '';
  const { redirectUrl } = await argus.fake.control.signIn({ authorizeUrl, user: upn, accept: true });
  const { pathname, search } = new URL(redirectUrl);
  await user.send('GET', pathname + search);
}

it('S-4: a name that now belongs to another account opens no grant of that account at another provider', async () => {
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
  await authorizeAtSecond(user, hanakoUpn);
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

it('S-4: it opens no grant that was verified by that name, before another account of the name was accepted', async () => {
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

it('S-4: if the id of an account is cleared, the audit log says which', async () => {
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

it('S-4: a link that is removed and restored, or changed and changed back, still names the account that authorized', async () => {
  const { db } = argus.services;
  const name = 'w@argus.example';
  const { userPrincipalName: microsoftAccount, oid } = demoUsers.upperCase;
  await use(suffix);
  const who = await argus.signedIn(name);
  await admin.call('POST /api/admin/account-links', { body: { username: name, microsoftAccount } });
  await who.authorize(microsoftAccount);
  const pin = async () =>
    (await db.accountLink.findFirstOrThrow({ where: { account: { usernameKey: name } } })).pinnedObjectId;
  expect(await pin()).toBe(oid);
  const { id } = await linkOf(admin, name);
  await admin.call('DELETE /api/admin/account-links/:id', { params: { id } });
  const last = await db.auditEvent.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(last).toMatchObject({
    action: 'account_link_deleted',
    details: {
      changes: [
        { field: 'microsoftAccount', to: null },
        { field: 'objectId', from: oid, to: null },
      ],
    },
  });
  await admin.call('POST /api/admin/account-links', { body: { username: name, microsoftAccount } });
  expect(await pin()).toBe(oid);
  await changeLink(admin, name, 'typo@contoso.example');
  expect(await pin()).toBeNull();
  await changeLink(admin, name, microsoftAccount);
  expect(await pin()).toBe(oid);
  for (const account of ['file@contoso.example', microsoftAccount])
    await apply(admin, await upload(admin, linkFile(['w', account])));
  expect(await pin()).toBe(oid);
  expect((await who.call('GET /api/new-arrivals')).problem).toBeUndefined();
});

describe('S-1: mail belongs to the account that is pinned, and to the provider in use', () => {
  const secret = 'of the former mailbox';
  const upnOf = (name: string) => `${name}@contoso.example`;
  const usernameOf = (name: string) => `${name}@argus.example`;
  const mail = (who: Client) => who.send('GET', '/api/new-arrivals?refresh=true');
  const keptOf = (name: string) =>
    argus.services.db.mailCache.findFirst({ where: { account: { usernameKey: usernameOf(name) } } });

  /** Somebody who is linked and has authorized at the first provider. */
  async function connected(name: string): Promise<Client> {
    const { control } = argus.fake;
    await use(suffix);
    control.addUser({ userPrincipalName: upnOf(name), displayName: name });
    const who = await argus.signedIn(usernameOf(name));
    const body = { username: usernameOf(name), microsoftAccount: upnOf(name) };
    await admin.call('POST /api/admin/account-links', { body });
    await who.authorize(upnOf(name));
    control.injectMail({ user: upnOf(name), subject: secret });
    control.clearRequests();
    return who;
  }

  /** The account is made again under its name, an administrator accepts it, and it authorizes at the second provider. */
  async function makeAgain(who: Client, name: string): Promise<void> {
    const { control } = argus.fake;
    control.renameUser(upnOf(name), upnOf(`former-${name}`));
    control.addUser({ userPrincipalName: upnOf(name), displayName: name });
    await use('Second');
    const { id } = await linkOf(admin, usernameOf(name));
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id } });
    await authorizeAtSecond(who, upnOf(name));
  }

  /** A load that is waiting for Microsoft, until `answerNow`. */
  async function loading(who: Client) {
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 20_000, times: 1 });
    const loaded = mail(who);
    await untilCalled(argus, '/messages');
    return { loaded };
  }

  it('S-1: stored mail of the former mailbox is not shown if the new one cannot be read', async () => {
    const who = await connected('kept');
    expect((await mail(who)).text).toContain(secret);
    await makeAgain(who, 'kept');
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    const reply = await mail(who);
    expect(reply.body).toMatchObject({ code: 'mail_upstream_error' });
    expect(reply.text).not.toContain(secret);
  });

  it('S-1: a fetch that began before is neither shown nor kept', async () => {
    const who = await connected('fetched');
    const { loaded } = await loading(who);
    await makeAgain(who, 'fetched');
    argus.fake.control.answerNow();
    expect((await loaded).text).not.toContain(secret);
    const kept = await keptOf('fetched');
    const grants = await argus.services.db.grant.findMany({ include: { provider: true } });
    expect(grants.find(({ id }) => id === kept?.grantId)?.provider.urlSuffix).toBe('Second');
  });

  it('S-1: a fetch that began before is not shown or stored either if only the provider has changed', async () => {
    const who = await connected('switched');
    const { loaded } = await loading(who);
    await use('Second');
    argus.fake.control.answerNow();
    expect((await loaded).body).toMatchObject({ code: 'mail_not_authorized' });
    expect(await keptOf('switched')).toBeNull();
  });

  it('S-4: a grant found to belong to another account is identified anew, however the pin changes', async () => {
    const who = await connected('found');
    await makeAgain(who, 'found');
    await use(suffix);
    expect((await mail(who)).body).toMatchObject({ code: 'mail_account_mismatch' });
    const { id } = await linkOf(admin, usernameOf('found'));
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id } });
    await expectRefused(who);
    // Once more, and by another link and back.
    await use('Second');
    await authorizeAtSecond(who, upnOf('found'));
    await use(suffix);
    await changeLink(admin, usernameOf('found'), 'typo@contoso.example');
    await changeLink(admin, usernameOf('found'), upnOf('found'));
    await expectRefused(who);
  });

  async function expectRefused(who: Client) {
    const reply = await mail(who);
    expect(reply.body).toMatchObject({ code: 'mail_account_mismatch' });
    expect(reply.text).not.toContain(secret);
  }

  it('S-4: a flow begun with a pinned id that is cleared meanwhile accepts and pins nobody', async () => {
    const name = 'flowing';
    const who = await connected(name);
    const callback = await who.consent(upnOf(name));
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    argus.fake.control.clearRequests();
    const ending = who.send('GET', callback);
    await untilCalled(argus, '/token');
    const { control } = argus.fake;
    control.renameUser(upnOf(name), upnOf(`former-${name}`));
    control.addUser({ userPrincipalName: upnOf(name), displayName: name });
    const { id } = await linkOf(admin, usernameOf(name));
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id } });
    control.answerNow();
    expect((await outcomeOf(who, await ending)).problem).toMatchObject({ code: 'authorization_state_invalid' });
    const link = { where: { microsoftAccountKey: upnOf(name) } };
    expect(await argus.services.db.accountLink.findFirstOrThrow(link)).toMatchObject({ pinnedObjectId: null });
    // The account that the administrator accepted.
    expect((await outcomeOf(who, await who.authorize(upnOf(name)))).problem).toBeUndefined();
  });

  it('S-4: a flow begun without a pinned id accepts and pins nobody if another account is pinned meanwhile', async () => {
    const name = 'overtaken';
    const who = await connected(name);
    const { db } = argus.services;
    const link = { where: { microsoftAccountKey: upnOf(name) } };
    await db.accountLink.updateMany({ ...link, data: { pinnedObjectId: null, pinnedTenantId: null } });
    const callback = await who.consent(upnOf(name));
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    argus.fake.control.clearRequests();
    const ending = who.send('GET', callback);
    await untilCalled(argus, '/token');
    const pinnedObjectId = 'b2f0c0de-0001-4a6b-9c11-0d5a6e1f0002';
    await db.accountLink.updateMany({ ...link, data: { pinnedObjectId } });
    argus.fake.control.answerNow();
    expect((await outcomeOf(who, await ending)).problem).toMatchObject({ code: 'authorization_state_invalid' });
    expect(await db.accountLink.findFirstOrThrow(link)).toMatchObject({ pinnedObjectId });
  });

  it('S-4: a slow answer of /me verifies no grant once another account is pinned', async () => {
    const name = 'slow';
    const who = await connected(name);
    const { db } = argus.services;
    const link = { where: { microsoftAccountKey: upnOf(name) } };
    const ofName = { where: { account: { usernameKey: usernameOf(name) } } };
    await db.grant.updateMany({ ...ofName, data: { verifiedLinkKey: null } });
    argus.fake.control.addFault({ target: 'me', kind: 'delay', ms: 20_000, times: 1 });
    const loaded = mail(who);
    await untilCalled(argus, '/me');
    await db.accountLink.updateMany({ ...link, data: { pinnedObjectId: 'b2f0c0de-0001-4a6b-9c11-0d5a6e1f0003' } });
    argus.fake.control.answerNow();
    expect((await loaded).text).not.toContain(secret);
    expect(await db.grant.findFirstOrThrow(ofName)).toMatchObject({ verifiedLinkKey: null });
  });
});

/** What may happen between a COMMIT that got no answer and the next try. */
const meanwhile = {
  'its user signed out': ({ db }: Services, { stateHash }: { stateHash: string }) =>
    db.authorizationTransaction.deleteMany({ where: { stateHash } }),
  'another flow has replaced the grant': ({ db }: Services, { accountId }: { accountId: string }) =>
    db.grant.deleteMany({ where: { accountId } }),
};

it.each(Object.entries(meanwhile))(
  'S-3: a stored grant is not stored a second time, even if %s meanwhile',
  async (what, happens) => {
    const { services } = argus;
    const { db } = services;
    await use(suffix);
    const name = `${what.replaceAll(' ', '-')}@argus.example`;
    const who = await argus.signedIn(name);
    const { userPrincipalName: microsoftAccount, oid: objectId } = demoUsers.withoutMailAddress;
    await admin.call('POST /api/admin/account-links', { body: { username: name, microsoftAccount } });
    const callback = await who.consent(microsoftAccount);
    expect(callback).toContain('code=');
    const transaction = await db.authorizationTransaction.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const { settings, provider } = await readConnector(db);
    const link = await db.accountLink.findFirstOrThrow({ where: { accountId: transaction.accountId } });
    if (!provider) throw new Error('the provider is there');
    const signedIn = { userPrincipalName: microsoftAccount, objectId };
    const judgement = judgeAccount(link, signedIn);
    if (judgement.verdict !== 'linked') throw new Error('the account is the linked one');
    const identified = { signedIn, judgement };
    const ended = { id: randomUUID(), transaction, provider, settings, link, identified };
    const actor = { viewer: undefined, ip: '127.0.0.1', id: 'r' } as never;
    let stores = 0;
    const store = () =>
      storeEnd(services, ended, startDeadline(5_000), async (tx) => {
        stores += 1;
        await recordMismatch(services, tx, actor, { ...ended, authorizedAccount: 'x@contoso.example' });
      });
    await store();
    expect(stores).toBe(1);
    await happens(services, transaction);
    await expect(store()).resolves.toBeUndefined();
    expect(stores).toBe(1);
    await db.accountLink.delete({ where: { id: link.id } });
  },
);
