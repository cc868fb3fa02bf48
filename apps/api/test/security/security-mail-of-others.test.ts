import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { authorizeAnew } from '../support/calm-microsoft.ts';
import { changeLink } from '../support/change-link.ts';
import { apply, upload } from '../support/csv-upload.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';
import { untilCalled } from '../support/wait-for.ts';

const hanakoUpn = demoUsers.hanako.userPrincipalName;
const ofTaro = 'SECRET of taro';
const ofHanako = 'SECRET of hanako';
const refresh = { query: { refresh: true } };

let accountId: string;
let other: Awaited<ReturnType<typeof startAnotherInstance>>;

stageLinkedTaro();
beforeAll(async () => {
  accountId = (await argus.services.db.account.findFirstOrThrow({ where: { username } })).id;
  argus.fake.control.injectMail({ user: taroUpn, subject: ofTaro });
  argus.fake.control.injectMail({ user: hanakoUpn, subject: ofHanako });
  other = await startAnotherInstance(argus);
});
afterAll(() => other?.close());
beforeEach(async () => {
  await linkTo(taroUpn);
  await authorizeAnew();
});
afterEach(() => argus.fake.control.clearFaults());

const linkTo = (microsoftAccount: string) => changeLink(admin, username, microsoftAccount);
const useProvider = (authProviderUrlSuffix: string) => saveSettings(argus, admin, { authProviderUrlSuffix });

async function moveAuthorizeEndpoint(authorizeEndpointUrl: string) {
  const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
  const { consumerSecret: _, ...form } = providerOf(argus.fake);
  await admin.call('PUT /api/admin/auth-providers/:id', {
    params: { id: provider?.id ?? '' },
    body: { ...form, authorizeEndpointUrl, version: provider?.version ?? 0 },
  });
}

const kept = () => argus.services.db.mailCache.count();

/** Starts a fetch of the former mailbox, in this or in another process. Microsoft answers it on request. */
async function fetchLate(where: 'here' | 'there') {
  argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 20_000, user: taroUpn });
  const origin = where === 'here' ? argus.url : other.url;
  const fetching = user.send('GET', `${origin}/api/new-arrivals?refresh=true`);
  await untilCalled(argus, '/messages');
  return fetching;
}

/** The result of a fetch that is answered late. */
function answered<T>(fetching: Promise<T>): Promise<T> {
  argus.fake.control.answerNow();
  return fetching;
}

describe.each(['here', 'there'] as const)('S-1: mail of a former mailbox, fetched %s', (where) => {
  it('S-1: a fetch that began before the link was changed is neither shown nor kept', async () => {
    const fetching = fetchLate(where);
    await untilCalled(argus, '/messages');
    await linkTo(hanakoUpn);
    const reply = await answered(fetching);
    expect(reply.body).toMatchObject({ code: 'mail_account_mismatch' });
    expect(reply.text).not.toContain(ofTaro);
    expect(await kept()).toBe(0);
    // While Graph fails, the last list would be shown.
    argus.fake.control.clearFaults();
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    expect((await user.send('GET', '/api/new-arrivals')).text).not.toContain(ofTaro);
  });

  it('S-1: a request after another authorization does not join the former fetch, and gets only the new mailbox', async () => {
    const fetching = fetchLate(where);
    await untilCalled(argus, '/messages');
    await linkTo(hanakoUpn);
    await user.call('DELETE /api/authorization');
    await user.authorize(hanakoUpn);
    const subjects = async () =>
      (await user.call('GET /api/new-arrivals', refresh)).items.map(({ subject }) => subject);
    const after = await subjects();
    expect(after).toContain(ofHanako);
    expect(after).not.toContain(ofTaro);
    // The earlier request gets what its user may see now.
    const late = await answered(fetching);
    expect(late.text).not.toContain(ofTaro);
    expect(late.text).toContain(ofHanako);
    argus.fake.control.clearFaults();
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    argus.advance(20_000);
    expect(await subjects()).toEqual(after);
  });

  it('S-1: nothing of the mailbox of a deactivated account is written back', async () => {
    const fetching = fetchLate(where);
    await untilCalled(argus, '/messages');
    await setActive(false);
    const reply = await answered(fetching);
    expect(reply.text).not.toContain(ofTaro);
    expect(await kept()).toBe(0);
    await setActive(true);
    await user.signIn(username);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
  });

  it('S-1: a revocation during a fetch leaves nothing, and no mail is shown after it', async () => {
    const fetching = fetchLate(where);
    await untilCalled(argus, '/messages');
    await user.call('DELETE /api/authorization');
    const reply = await answered(fetching);
    expect(reply.body).toMatchObject({ code: 'mail_not_authorized' });
    expect(await kept()).toBe(0);
  });
});

async function setActive(active: boolean) {
  const { items } = await admin.call('GET /api/admin/users', { query: { q: username } });
  const [found] = items;
  if (!found) throw new Error('no user');
  const { displayName, role, salesforceId, version } = found;
  await admin.call('PUT /api/admin/users/:id', {
    params: { id: found.id },
    body: { username, displayName, role, salesforceId, active, version },
  });
}

describe('S-1: stored mail', () => {
  it('S-1: a stored list of another grant, link or account is not shown, whatever wrote it', async () => {
    const { db } = argus.services;
    await user.call('GET /api/new-arrivals', refresh);
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    argus.advance(20_000);
    expect((await user.call('GET /api/new-arrivals')).problem).toBeDefined();
    const row = await db.mailCache.findFirstOrThrow();
    await db.mailCache.update({ where: { accountId }, data: { linkKey: 'somebody@contoso.example' } });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_upstream_error' });
    // With the right link restored, a value sealed for another place does not open.
    await db.mailCache.update({ where: { accountId }, data: { linkKey: row.linkKey, sealed: `${row.sealed}x` } });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_upstream_error' });
    expect(await kept()).toBe(0);
  });

  it('S-1: evidence that comes after a revocation pins nobody to the link', async () => {
    const { db } = argus.services;
    // The link changes and changes back, in spelling only: fresh evidence is required.
    await db.grant.updateMany({ data: { verifiedLinkKey: null } });
    await db.accountLink.updateMany({ data: { pinnedObjectId: null, pinnedTenantId: null } });
    argus.fake.control.addFault({ target: 'me', kind: 'delay', ms: 20_000 });
    const fetching = user.send('GET', '/api/new-arrivals?refresh=true');
    await untilCalled(argus, '/me');
    await user.call('DELETE /api/authorization');
    expect((await answered(fetching)).body).toMatchObject({ code: 'mail_not_authorized' });
    expect(await db.accountLink.findFirstOrThrow()).toMatchObject({ pinnedObjectId: null });
  });

  it('S-1: a 接続診断 that began before another authorization is not joined', async () => {
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const before = await user.call('POST /api/authorization/self-checks');
    await untilCalled(argus, '/token');
    await user.call('DELETE /api/authorization');
    await user.authorize(taroUpn);
    const after = await user.call('POST /api/authorization/self-checks');
    expect(after.id).not.toBe(before.id);
    argus.fake.control.answerNow();
    // An unfinished run calls the token endpoint, and the following tests count those calls.
    const atWork = { where: { endedAt: null } };
    await vi.waitFor(async () => expect(await argus.services.db.doctorRun.count(atWork)).toBe(0), { timeout: 15_000 });
  });
});

describe('S-8: a user who may no longer connect', () => {
  const endings = {
    deactivated: () => setActive(false),
    'given another password': async () => {
      const password = 'another password of his';
      await admin.call('PUT /api/admin/users/:id/password', { params: { id: accountId }, body: { password } });
    },
    revoked: () => user.call('DELETE /api/authorization'),
  };
  afterEach(async () => {
    await setActive(true);
    const password = 'correct horse battery';
    await admin.call('PUT /api/admin/users/:id/password', { params: { id: accountId }, body: { password } });
    await user.signIn(username);
  });

  it.each(Object.entries(endings))(
    'S-8: a flow that was at Microsoft when its user was %s ends without a grant',
    async (_name, end) => {
      await user.call('DELETE /api/authorization');
      const path = await user.consent(taroUpn);
      await end();
      expect((await user.send('GET', path)).status).toBe(400);
      expect(await argus.services.db.grant.count()).toBe(0);
      expect(argus.fake.control.requests().some(({ grantType }) => grantType === 'authorization_code')).toBe(false);
    },
  );

  it.each(Object.entries(endings))(
    'S-8: a flow that was redeeming its code when its user was %s stores nothing',
    async (_name, end) => {
      await user.call('DELETE /api/authorization');
      const path = await user.consent(taroUpn);
      argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000 });
      const ending = user.send('GET', path);
      await untilCalled(argus, '/token');
      await end();
      const reply = await answered(ending);
      expect(reply.status).toBe(400);
      expect(await argus.services.db.grant.count()).toBe(0);
      expect(await outcomeOf(user, reply)).toMatchObject({
        result: 'failed',
        problem: { code: 'authorization_state_invalid' },
      });
    },
  );

  const changes = {
    'link is deleted': async () => {
      const link = await argus.services.db.accountLink.findFirstOrThrow({ where: { accountId } });
      await admin.call('DELETE /api/admin/account-links/:id', { params: { id: link.id } });
      return () => admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: taroUpn } });
    },
    'link names another account': async () => {
      await linkTo(hanakoUpn);
    },
    'link is changed by a file': async () => {
      const csv = `Salesforceアカウント,Microsoft365アカウント\n${username},${hanakoUpn}\n`;
      await apply(admin, await upload(admin, csv));
    },
    'provider is no longer in use': async () => {
      await useProvider('nobody');
      return () => useProvider(suffix);
    },
    'authorize endpoint moves to another site': async () => {
      await moveAuthorizeEndpoint('https://login.moved.example/authorize');
      return () => moveAuthorizeEndpoint(providerOf(argus.fake).authorizeEndpointUrl);
    },
    'provider is deleted': async () => {
      const provider = await argus.services.db.authProvider.findFirstOrThrow();
      await admin.call('DELETE /api/admin/auth-providers/:id', { params: { id: provider.id } });
      return () => admin.call('POST /api/admin/auth-providers', { body: providerOf(argus.fake) });
    },
  };

  it.each(Object.entries(changes))(
    'S-8: a flow that was redeeming its code when its %s stores nothing, and does not say that it did',
    async (_name, change) => {
      await user.call('DELETE /api/authorization');
      await admin.proveSelf();
      // Graph is asked who signed in as long as the link is not pinned.
      await argus.services.db.accountLink.updateMany({ data: { pinnedObjectId: null, pinnedTenantId: null } });
      const path = await user.consent(taroUpn);
      argus.fake.control.addFault({ target: 'me', kind: 'delay', ms: 20_000, times: 1 });
      const ending = user.send('GET', path);
      await untilCalled(argus, '/me');
      const restore = await change();
      argus.fake.control.answerNow();
      const reply = await ending;
      expect(await outcomeOf(user, reply)).toMatchObject({ result: 'failed' });
      expect(await argus.services.db.grant.count()).toBe(0);
      await restore?.();
    },
  );

  it('S-10: revoking an authorization that does not exist adds nothing to the audit log', async () => {
    // Repetitions are counted in one row.
    const revoked = async () => {
      const where = { action: 'authorization_revoked' };
      return (await argus.services.db.auditEvent.aggregate({ _sum: { count: true }, where }))._sum.count ?? 0;
    };
    const before = await revoked();
    for (let i = 0; i < 3; i += 1) await user.call('DELETE /api/authorization');
    expect(await revoked()).toBe(before + 1);
  });

  it('S-8: a session that a former password began is invalid, whenever it was stored', async () => {
    const { db } = argus.services;
    // As if another password was set just after the sign-in was verified, and just before its session was stored.
    const { passwordHash } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    await db.account.update({
      where: { id: accountId },
      data: { passwordHash: `${passwordHash} of another password` },
    });
    expect(await user.fails('GET /api/authorization')).toMatchObject({ status: 401 });
  });
});
