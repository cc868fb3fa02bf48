import { demoApp, demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { csrfTokenOf } from '../support/cookie-header.ts';
import { settled, undo, upload } from '../support/csv-upload.ts';
import { hangOnWrite, untilEndedOrWaiting, untilHanging } from '../support/hang-on-write.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { deactivateEve, eve, eveId, eveName, stageEve } from '../support/stage-eve.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
const password = 'correct horse battery';
const ownName = 'own@argus.example';

let release = async () => {};
const db = () => argus.services.db;

stageLinkedTaro();
stageEve();
beforeAll(async () => {
  await argus.addAccount(ownName);
});
afterEach(async () => {
  await release();
  await db().account.updateMany({ where: { username: eveName }, data: { active: true, version: { increment: 1 } } });
});

/** A file of users that makes this account an administrator, or no longer one. */
async function roleFile(role: '管理者' | '一般ユーザ') {
  const csv = (await eve.send('GET', '/api/admin/users/csv?encoding=utf-8')).text;
  const lines = csv
    .split('\r\n')
    .map((line) => (line.includes(ownName) ? line.replace(/管理者|一般ユーザ/, role) : line));
  const plan = await upload(eve, lines.join('\r\n'), { table: 'users', fileName: 'users.csv' });
  expect(plan).toMatchObject({ state: 'ready', counts: { changed: 1, error: 0 } });
  return plan;
}

describe.runIf(onPostgres)('S-8: a file whose administrator is just being deactivated', () => {
  const roleOfOwn = async () => (await db().account.findFirstOrThrow({ where: { username: ownName } })).role;

  /** Makes the deactivation of Eve hang at its last statement, sends a request as Eve, and lets both end. */
  async function whileEnding<T>(ask: () => Promise<T>): Promise<T> {
    release = await hangOnWrite(argus.database, 'AuditEvent', { when: `new.action = 'user_changed'` });
    const ending = deactivateEve();
    await untilHanging(argus.database);
    const asked = await ask();
    await untilEndedOrWaiting(argus.database, new Promise(() => {}));
    await release();
    await ending;
    return asked;
  }

  it('S-8: is not applied', async () => {
    const plan = await roleFile('管理者');
    const body = { planVersion: plan.planVersion, removals: null };
    const id = String(plan.id);
    await whileEnding(() => eve.call('POST /api/admin/csv-imports/:id/apply', { params: { id }, body }));
    expect(await settled(admin, plan.id)).toMatchObject({ state: 'failed' });
    expect(await roleOfOwn()).toBe('user');
  });

  it('S-8: is not undone', async () => {
    await db().account.updateMany({ where: { username: ownName }, data: { role: 'admin', version: { increment: 1 } } });
    const plan = await roleFile('一般ユーザ');
    const params = { id: String(plan.id) };
    const body = { planVersion: plan.planVersion, removals: null };
    await eve.call('POST /api/admin/csv-imports/:id/apply', { params, body });
    expect(await settled(eve, plan.id)).toMatchObject({ state: 'applied' });
    await whileEnding(() => eve.call('POST /api/admin/csv-imports/:id/undo', { params }));
    expect(await settled(admin, plan.id)).toMatchObject({ state: 'applied' });
    expect(await roleOfOwn()).toBe('user');
    await undo(admin, plan);
    await db().account.updateMany({ where: { username: ownName }, data: { role: 'user', version: { increment: 1 } } });
  });

  it('S-8: is not begun once the right has ended, however long the check before it took', async () => {
    const plan = await roleFile('管理者');
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const body = { planVersion: plan.planVersion, removals: null };
    let reply: Promise<{ status: number }> | undefined;
    await db().$transaction(async (tx) => {
      // The check whether it changes administrators waits here.
      await tx.$executeRaw`LOCK TABLE "CsvImportRow" IN ACCESS EXCLUSIVE MODE`;
      reply = eve.send('POST', `/api/admin/csv-imports/${plan.id}/apply`, { body, headers });
      await untilEndedOrWaiting(argus.database, reply);
      await tx.session.deleteMany({ where: { accountId: eveId } });
    });
    expect(await reply).toMatchObject({ status: 401 });
    expect(await roleOfOwn()).toBe('user');
  });

  it('S-8: gives no further page of its failed rows', async () => {
    const rows = Array.from({ length: 1_500 }, (_, i) => `,bad ${i}`).join('\r\n');
    const plan = await upload(eve, `Salesforceアカウント,Microsoft365アカウント\r\n${rows}\r\n`);
    let reading: Promise<unknown> = Promise.resolve();
    await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE "CsvImportRow" IN ACCESS EXCLUSIVE MODE`;
      reading = eve.send('GET', `/api/admin/csv-imports/${plan.id}/failed-rows`).catch(() => 'broken off');
      await untilEndedOrWaiting(argus.database, reading);
      await tx.session.deleteMany({ where: { accountId: eveId } });
    });
    expect(await reading).toBe('broken off');
  });
});

describe('S-8: one session', () => {
  it.runIf(onPostgres)('S-8: a sign-out at the moment of a change of one’s own password leaves none', async () => {
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const copy = argus.browser();
    for (const [name, value] of eve.cookies) copy.cookies.set(name, value);
    const body = { currentPassword: password, newPassword: 'another horse battery' };
    release = await hangOnWrite(argus.database, 'AuditEvent', { when: `new.action = 'password_changed'` });
    const changing = eve.send('PUT', '/api/session/password', { body, headers });
    await untilHanging(argus.database);
    const ending = copy.send('DELETE', '/api/session', { headers });
    await untilEndedOrWaiting(argus.database, ending);
    await release();
    await Promise.all([changing, ending]);
    expect(await db().session.count({ where: { accountId: eveId } })).toBe(0);
    const params = { id: eveId };
    await admin.call('PUT /api/admin/users/:id/password', { params, body: { password } });
  });

  it('S-8: a change of one’s own password continues the session under a new id, and ends the others', async () => {
    const other = argus.browser();
    await other.signIn(eveName);
    const before = new Map(eve.cookies);
    const body = { currentPassword: password, newPassword: 'another horse battery' };
    await eve.call('PUT /api/session/password', { body });
    expect(await eve.send('GET', '/api/admin/users')).toMatchObject({ status: 200 });
    expect(await other.send('GET', '/api/admin/users')).toMatchObject({ status: 401 });
    const copy = argus.browser();
    for (const [name, value] of before) copy.cookies.set(name, value);
    expect(await copy.send('GET', '/api/admin/users')).toMatchObject({ status: 401 });
    expect(await db().session.count({ where: { accountId: eveId } })).toBe(1);
    await admin.call('PUT /api/admin/users/:id/password', { params: { id: eveId }, body: { password } });
  });

  it('S-8: of several concurrent re-authentications, the one whose session goes on succeeds', async () => {
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const cookies = new Map(eve.cookies);
    const replies = await Promise.all(
      [1, 2, 3].map(async () => {
        const copy = argus.browser();
        for (const [name, value] of cookies) copy.cookies.set(name, value);
        return copy.send('POST', '/api/session/reauthentication', { body: { password }, headers });
      }),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);
    expect(await db().session.count({ where: { accountId: eveId } })).toBe(1);
  });
});

describe('S-5: guesses at one’s own password', () => {
  it('S-5: are reported to administrators, including blocked ones', async () => {
    await db().auditEvent.deleteMany({});
    for (let i = 0; i < 7; i += 1) {
      await eve.fails('POST /api/session/reauthentication', { body: { password: `guess ${i}` } });
    }
    const { items } = await admin.call('GET /api/admin/notices');
    expect(items).toMatchObject([{ kind: 'sign_in_failures', failures: 7, users: 1 }]);
    await db().auditEvent.deleteMany({});
  });
});

describe('S-5: a few guesses at each of many accounts', () => {
  it('S-5: are reported to administrators if they come from one address, though no account is blocked', async () => {
    await db().auditEvent.deleteMany({});
    const guessed = (accounts: number, count: number) =>
      db().auditEvent.createMany({
        data: Array.from({ length: accounts }, (_, i) => ({
          action: 'sign_in_failed',
          targetKind: 'account',
          targetId: `account ${i}`,
          address: '203.0.113.9',
          details: {},
          count,
        })),
      });
    await guessed(9, 4);
    expect((await admin.call('GET /api/admin/notices')).items).toEqual([]);
    await db().auditEvent.deleteMany({});
    await guessed(10, 3);
    expect((await admin.call('GET /api/admin/notices')).items).toMatchObject([
      { kind: 'sign_in_failures', failures: 30, users: 10 },
    ]);
    await db().auditEvent.deleteMany({});
  });
});

describe.runIf(onPostgres)('S-8: a change that waits for the transaction that ends the right to it', () => {
  it('S-8: is rolled back: another’s password, a revocation, an invitation', async () => {
    const victim = await argus.addAccount('victim@argus.example', 'admin');
    const invited = await argus.addAccount('invited@argus.example');
    await db().account.update({ where: { id: invited }, data: { passwordHash: null } });
    const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const asked = [
      ['PUT', `/api/admin/users/${victim}/password`, { password: 'known to the attacker' }],
      ['DELETE', `/api/admin/account-links/${link?.id}/authorization`, {}],
      ['POST', `/api/admin/users/${invited}/invitation`, {}],
    ] as const;
    const replies: Promise<{ status: number }>[] = [];
    await db().$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "Account" FOR NO KEY UPDATE`;
      for (const [method, path, body] of asked) {
        const reply = eve.send(method, path, { body, headers });
        replies.push(reply);
        await untilEndedOrWaiting(argus.database, reply);
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      await tx.session.deleteMany({ where: { accountId: eveId } });
    });
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(await db().invitation.count()).toBe(0);
  });
});

describe('S-10: what a user repeats', () => {
  it('S-10: is in the audit log a few times an hour, and is counted by the minute beyond that', async () => {
    await db().auditEvent.deleteMany({});
    const at = new Date();
    const accountId = (await db().account.findFirstOrThrow({ where: { username } })).id;
    for (const action of [
      'sign_in',
      'sign_out',
      'authorization_granted',
      'authorization_revoked',
      'password_changed',
    ]) {
      const row = { action, actorId: accountId, actorUsername: username, details: {}, occurredAt: at };
      await db().auditEvent.createMany({ data: Array.from({ length: 20 }, () => row) });
    }
    for (let i = 0; i < 3; i += 1) {
      const browser = argus.browser();
      await browser.signIn(username);
      await browser.authorize(taroUpn);
      await browser.call('DELETE /api/authorization');
      const [currentPassword, newPassword] = [password, 'another good password'];
      const changes = [
        { currentPassword, newPassword },
        { currentPassword: newPassword, newPassword: currentPassword },
      ];
      for (const body of changes) {
        const headers = { 'x-csrf-token': await csrfTokenOf(browser) };
        expect((await browser.send('PUT', '/api/session/password', { body, headers })).status).toBe(200);
      }
      await browser.signIn(username);
      await browser.call('DELETE /api/session');
    }
    const rows = await db().auditEvent.findMany({ where: { actorId: accountId } });
    // The test may span a few minutes.
    expect(rows.length).toBeLessThanOrEqual(100 + 10);
    const later = rows.filter(({ count }) => count > 1);
    expect(later.length).toBeGreaterThanOrEqual(3);
    expect(rows.filter(({ action }) => action === 'password_changed').length).toBeLessThanOrEqual(20 + 2);
  });

  it('S-10: keeps the newest fifty diagnoses of an account', async () => {
    await user.signIn(username);
    const accountId = (await db().account.findFirstOrThrow({ where: { username } })).id;
    const past = new Date(Date.now() - 3600_000);
    const run = {
      accountId,
      username,
      startedBy: username,
      steps: [],
      startedAt: past,
      leaseUntil: past,
      endedAt: past,
    };
    await db().doctorRun.createMany({ data: Array.from({ length: 60 }, () => run) });
    await user.call('POST /api/authorization/self-checks');
    expect(await db().doctorRun.count({ where: { accountId } })).toBe(50);
  });
});

describe('S-3: the outcome page of a flow', () => {
  it('S-3: disappears with the session that it belongs to', async () => {
    await user.signIn(username);
    const reply = await user.authorize(taroUpn);
    const id = reply.headers.get('location')?.split('/').at(-1) ?? '';
    const path = `/api/authorization/outcomes/${id}`;
    expect((await user.send('GET', path)).status).toBe(200);
    await user.call('DELETE /api/session');
    expect((await user.send('GET', path)).status).toBe(404);
  });
});

describe('S-2: a provider in use that is deleted', () => {
  it('S-2: is reported to administrators, as is the former provider once another replaces it', async () => {
    await db().auditEvent.create({ data: { action: 'authorization_granted', details: {} } });
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    if (!provider) throw new Error('no provider');
    await admin.call('DELETE /api/admin/auth-providers/:id', { params: { id: provider.id } });
    const moves = async () => (await admin.call('GET /api/admin/notices')).items.flatMap(({ moved }) => moved ?? []);
    const app = `${argus.fake.loginUrl}/${demoTenant.id}, ${demoApp.clientId}`;
    const from = `Microsoft 365 (${app})`;
    expect(await moves()).toMatchObject([{ action: 'auth_provider_switched', from, to: '' }]);
    await admin.proveSelf();
    const body = { ...providerOf(argus.fake), authorizeEndpointUrl: 'https://evil.example/authorize' };
    await admin.call('POST /api/admin/auth-providers', { body });
    expect(await moves()).toMatchObject([
      { action: 'auth_provider_switched', from, to: `Microsoft 365 (https://evil.example, ${app})`, times: 2 },
    ]);
    await db().auditEvent.deleteMany({});
  });
});
