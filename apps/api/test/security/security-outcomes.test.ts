import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteOldErrorEvents } from '../../src/error-log/records/error-retention.ts';
import { type Browser, type Reply, suffix, testPassword } from '../support/build-app.ts';
import { failWrites } from '../support/failing-writes.ts';
import { hangOnWrite, untilHanging } from '../support/hang-on-write.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { runSelfCheck } from '../support/run-doctor.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { untilCalled } from '../support/wait-for.ts';

const hanakoUpn = demoUsers.hanako.userPrincipalName;
const always = { times: 1_000_000 };

let ending: (() => Promise<void>)[];

stageLinkedTaro();
beforeEach(async () => {
  ending = [];
  await user.call('DELETE /api/authorization');
  await argus.services.db.errorEvent.deleteMany();
  await argus.services.db.auditEvent.deleteMany({ where: { action: 'authorization_granted' } });
  // The start of a new minute, as stored outcomes are limited per minute.
  argus.advance(60_000 - (argus.services.now().getTime() % 60_000));
});
afterEach(async () => {
  await endAll();
  argus.fake.control.clearFaults();
});

async function endAll() {
  for (const end of ending.splice(0)) await end();
}

async function fail(...failing: Parameters<typeof failWrites> extends [unknown, ...infer Rest] ? Rest : never) {
  ending.push(await failWrites(argus, ...failing));
}
const granted = () => argus.services.db.auditEvent.count({ where: { action: 'authorization_granted' } });
const events = () => argus.services.db.errorEvent.findMany({ select: { id: true, code: true, username: true } });

describe('S-3: the end of an authorization', () => {
  it('S-3: if the database connection is cut while the grant is stored, Argus retries with the tokens in hand', async () => {
    await fail('Grant', { times: 3 });
    const reply = await user.authorize(taroUpn);
    expect(await outcomeOf(user, reply)).toMatchObject({ result: 'authorized' });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    expect(await granted()).toBe(1);
  });

  it('S-3: a grant that could not be stored is never reported as a success, and is in the error log', async () => {
    await fail('Grant', always);
    const reply = await user.authorize(taroUpn);
    const outcome = await outcomeOf(user, reply);
    expect(outcome).toMatchObject({ result: 'failed', problem: { code: 'database_unavailable' } });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'not_authorized' });
    expect(await events()).toEqual([
      { id: outcome.problem?.errorId, code: 'database_unavailable', username: 'taro@argus.example' },
    ]);
  });

  it('S-3: a kick-off whose flow could not be stored is not reported as a success either', async () => {
    const { db } = argus.services;
    await db.$executeRawUnsafe(`CREATE FUNCTION no_flow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'cut' USING ERRCODE = '57P01'; END $$`);
    await db.$executeRawUnsafe(
      'CREATE TRIGGER no_flow BEFORE INSERT ON "AuthorizationTransaction" FOR EACH ROW EXECUTE FUNCTION no_flow()',
    );
    ending.push(async () => {
      await db.$executeRawUnsafe('DROP TRIGGER no_flow ON "AuthorizationTransaction"');
      await db.$executeRawUnsafe('DROP FUNCTION no_flow()');
    });
    const reply = await user.send('GET', `/services/auth/oauth/${suffix}`);
    expect(await outcomeOf(user, reply)).toMatchObject({ result: 'failed', problem: { code: 'database_unavailable' } });
  });

  it('S-3: a mismatch records who signed in, in spite of a cut', async () => {
    await fail('Grant', { times: 2 });
    const reply = await user.authorize(hanakoUpn);
    expect(await outcomeOf(user, reply)).toMatchObject({ problem: { code: 'authorization_mismatch' } });
    expect(await user.call('GET /api/authorization')).toMatchObject({
      state: 'mismatch',
      authorizedAccount: hanakoUpn,
    });
  });

  it('S-3: an outcome that cannot be stored after the grant is not reported as a failure', async () => {
    await fail('AuthorizationOutcome', always);
    const reply = await user.authorize(taroUpn);
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('認証が完了しました');
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
    expect(await events()).toEqual([]);
  });

  it('S-3: a failure whose outcome cannot be stored still says what happened', async () => {
    await fail('AuthorizationOutcome', always);
    const reply = await user.authorize(taroUpn, false);
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('承認コード取得に失敗しました。');
    const [event] = await events();
    expect(reply.text).toContain(event?.id);
  });

  it('S-3: an outcome is stored in spite of a cut', async () => {
    await fail('AuthorizationOutcome', { times: 2 });
    expect(await outcomeOf(user, await user.authorize(taroUpn))).toMatchObject({ result: 'authorized' });
  });

  it('S-3: tokens of a refresh are saved despite a cut connection, as Microsoft issues them once', async () => {
    await user.authorize(taroUpn);
    argus.fake.control.setStrictRotation(true);
    await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    // The lease is a separate write.
    await fail('Grant', { skip: 1, times: 2 });
    const refresh = { query: { refresh: true } };
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
    await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    argus.advance(20_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    argus.fake.control.setStrictRotation(false);
  });
});

describe('S-11: an error ID', () => {
  const meet = async () => (await user.fails('GET /api/new-arrivals')).errorId;
  const decline = async () => {
    const outcome = await outcomeOf(user, await user.authorize(taroUpn, false));
    expect(outcome.result).toBe('failed');
    return outcome.problem;
  };

  it('S-11: is shown only if its event was stored; without it the page says the same', async () => {
    await fail('ErrorEvent', always);
    const problem = await decline();
    expect(problem).toMatchObject({ code: 'authorization_declined' });
    expect(problem?.errorId).toBeUndefined();
    expect(problem?.helpDeskText).toBeUndefined();
    expect(await events()).toEqual([]);
  });

  it('S-11: is shown to nobody if it belongs to a thirtieth error that could not be stored', async () => {
    for (let i = 0; i < 29; i += 1) await decline();
    await fail('ErrorEvent', { times: 1 });
    expect((await decline())?.errorId).toBeUndefined();
    const shown = new Set<string | undefined>();
    for (let i = 0; i < 10; i += 1) shown.add((await decline())?.errorId);
    const kept = new Set((await events()).map(({ id }) => id));
    expect(kept.size).toBe(30);
    for (const id of shown) expect(kept).toContain(id);
  });

  it('S-11: of a problem over the API leads to its event as well', async () => {
    await fail('ErrorEvent', { times: 1 });
    await user.authorize(taroUpn);
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    expect(await meet()).toBeUndefined();
    const id = await meet();
    expect(id).toBeDefined();
    const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId: id ?? '' } });
    expect(items).toHaveLength(1);
  });

  it('S-11: is shown nowhere once its event is deleted, also while the retention is still at work', async () => {
    const { db } = argus.services;
    const outcome = () => outcomeOf(user, authorized);
    const authorized = await user.authorize(taroUpn, false);
    await user.authorize(taroUpn);
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 403 });
    const { id } = await runSelfCheck(user);
    const check = () => user.call('GET /api/authorization/self-checks/:id', { params: { id } });
    const [kept] = await events();
    const failed = { table: 'users', state: 'failed', fileName: 'x.csv', fileBytes: 1, actorUsername: 'x' } as const;
    const refusal = { code: 'internal_error', errorId: kept?.id ?? '' };
    const file = await db.csvImport.create({ data: { ...failed, refusal } });
    const one = { params: { id: String(file.id) } };
    const shown = async () => [
      (await outcome()).problem?.errorId,
      (await check()).problem?.errorId,
      (await admin.call('GET /api/admin/csv-imports/:id', one)).problem?.errorId,
      (await admin.call('GET /api/admin/csv-imports', { query: { table: 'users' } })).items[0]?.problem?.errorId,
    ];
    const ids = (await events()).map((event) => event.id);
    for (const errorId of await shown()) expect(ids).toContain(errorId);
    await db.errorEvent.deleteMany();
    expect(await shown()).toEqual([undefined, undefined, undefined, undefined]);
    for (const errorId of ids) expect((await check()).helpDeskText).not.toContain(errorId);
    // Nor is the failure kept once more.
    expect(await events()).toEqual([]);
    await db.csvImport.delete({ where: { id: file.id } });
  });

  it.runIf(process.env.TEST_DATABASE_URL)('S-11: an incident goes before its last event', async () => {
    await decline();
    const before = new Date(argus.services.now().getTime() + 60_000);
    const release = await hangOnWrite(argus.database, 'ErrorCause', { on: 'DELETE' });
    const deleting = deleteOldErrorEvents(argus.services.db, { before });
    try {
      await untilHanging(argus.database);
      expect(await events()).toHaveLength(1);
    } finally {
      await release();
      await deleting;
    }
    expect(await events()).toEqual([]);
  });
});

describe('S-8: an outcome that comes after a sign-out', () => {
  it('S-8: names no account to the browser that was signed out', async () => {
    const leaving = await argus.signedIn(username);
    const callback = await leaving.consent(taroUpn);
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 60_000, times: 1 });
    const ending = leaving.send('GET', callback);
    await untilCalled(argus, '/token');
    await leaving.call('DELETE /api/session');
    argus.fake.control.answerNow();
    const outcome = await outcomeOf(leaving, await ending);
    expect(outcome).toMatchObject({ result: 'failed', linkedAccount: null, authorizedAccount: null });
    expect(JSON.stringify(outcome)).not.toContain(taroUpn);
  });

  it('S-8: names no earlier account either, to the next user of a browser whose session expired', async () => {
    const browser = await argus.signedIn(username);
    const idOf = (reply: Reply) => (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';
    const ids = [idOf(await browser.authorize(taroUpn)), idOf(await browser.authorize(hanakoUpn))];
    const read = async () => Promise.all(ids.map((id) => browser.send('GET', `/api/authorization/outcomes/${id}`)));
    expect((await read()).map(({ text }) => text).join()).toContain(hanakoUpn);
    // The session ends by time.
    browser.cookies.delete('__Host-argus-session');
    for (const reply of await read()) {
      expect(reply.text).not.toContain(taroUpn);
      expect(reply.text).not.toContain(hanakoUpn);
    }
    await browser.signIn('admin@argus.example');
    for (const reply of await read()) expect(reply).toMatchObject({ status: 404, body: { code: 'outcome_expired' } });
  });
});

describe('S-13: HEAD and prefetch requests', () => {
  it('S-13: do nothing on the routes of the flow: only the user’s own navigation redeems the code', async () => {
    const { db } = argus.services;
    const start = `/services/auth/oauth/${suffix}`;
    await db.authorizationTransaction.deleteMany();
    argus.fake.control.clearRequests();
    expect((await user.send('HEAD', start)).status).toBe(404);
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'x-moz': 'prefetch' },
    ] as Record<string, string>[]) {
      expect((await user.send('GET', start, { headers })).status).toBe(503);
    }
    expect(await db.authorizationTransaction.count()).toBe(0);
    const callback = await user.consent(taroUpn);
    expect((await user.send('HEAD', callback)).status).toBe(404);
    expect((await user.send('GET', callback, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
    expect(argus.fake.control.requests().filter(({ path }) => path.endsWith('/token'))).toEqual([]);
    expect((await user.send('GET', callback)).status).toBe(303);
    await untilCalled(argus, '/token');
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });
});

describe('S-10: what a signed-in user can begin', () => {
  it('S-10: only a few flows, tickets and outcomes per account are kept', async () => {
    const { db } = argus.services;
    for (let i = 0; i < 12; i += 1) {
      await user.send('GET', `/services/auth/oauth/${suffix}`);
      await user.send('GET', '/services/auth/oauth/NoSuchSuffix');
    }
    expect(await db.authorizationTransaction.count()).toBe(5);
    expect(await db.authorizationOutcome.count()).toBe(5);
    // The latest one still works.
    expect((await user.authorize(taroUpn)).status).toBe(303);
  });
});

describe('S-3: what depends on a session succeeds or fails together with it', () => {
  const name = 'saburo@argus.example';
  const next = 'another horse battery';
  let person: Browser;

  beforeEach(async () => {
    await argus.services.db.signInThrottle.deleteMany({});
    await argus.services.db.account.deleteMany({ where: { username: name } });
    person = await argus.signedIn(name);
  });

  const unavailable = { status: 503, code: 'database_unavailable' };
  const told = async (action: string) => argus.services.db.auditEvent.count({ where: { action, actorUsername: name } });

  it.each(['Session', 'KnownPlace', 'AuditEvent'] as const)('a new password (%s)', async (table) => {
    const body = { currentPassword: testPassword, newPassword: next };
    await fail(table, always);
    expect(await person.fails('PUT /api/session/password', { body })).toMatchObject(unavailable);
    await endAll();
    // Neither is changed: the session goes on, and the former password signs in.
    expect((await person.call('GET /api/session')).user).toMatchObject({ username: name });
    await argus.browser().signIn(name, testPassword);
    await person.call('PUT /api/session/password', { body });
    expect((await person.call('GET /api/session')).user).toMatchObject({ username: name });
    await argus.browser().signIn(name, next);
  });

  it('a sign-in', async () => {
    const before = await told('sign_in');
    await fail('Session', always);
    const browser = argus.browser();
    const body = { username: name, password: testPassword };
    expect(await browser.fails('POST /api/session', { body })).toMatchObject(unavailable);
    await endAll();
    expect(await told('sign_in')).toBe(before);
    expect((await browser.call('GET /api/session')).user).toBeNull();
    await browser.signIn(name, testPassword);
  });

  it('S-5: a right password never counts as a guess, however often what follows it fails', async () => {
    await fail('Session', always);
    const known = argus.browser();
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const body = { username: name, password: testPassword };
      expect(await known.fails('POST /api/session', { body })).toMatchObject(unavailable);
      const proof = { body: { password: testPassword } };
      expect(await person.fails('POST /api/session/reauthentication', proof)).toMatchObject(unavailable);
    }
    await endAll();
    expect(await told('password_check_failed')).toBe(0);
    await argus.browser().signIn(name, testPassword);
    await person.proveSelf();
  });

  it('a proof of the password', async () => {
    const before = await told('reauthenticated');
    await fail('Session', always);
    const body = { password: testPassword };
    expect(await person.fails('POST /api/session/reauthentication', { body })).toMatchObject(unavailable);
    await endAll();
    expect(await told('reauthenticated')).toBe(before);
    await person.proveSelf();
    expect(await told('reauthenticated')).toBe(before + 1);
  });

  it('a diagnosis and its entry in the audit log', async () => {
    const { db } = argus.services;
    const runs = await db.doctorRun.count();
    await fail('AuditEvent', always);
    const body = { username: null };
    expect(await admin.fails('POST /api/admin/doctor-runs', { body })).toMatchObject(unavailable);
    await endAll();
    expect(await db.doctorRun.count()).toBe(runs);
  });

  it('an invitation', async () => {
    const { id } = await argus.services.db.account.findFirstOrThrow({ where: { username: name } });
    await argus.services.db.account.update({ where: { id }, data: { passwordHash: null } });
    await admin.proveSelf();
    const { url } = await admin.call('POST /api/admin/users/:id/invitation', { params: { id } });
    const body = { token: url.split('#token=')[1] ?? '', password: next };
    await fail('Session', always);
    const guest = argus.browser();
    expect(await guest.fails('POST /api/invitation/accept', { body })).toMatchObject(unavailable);
    await endAll();
    expect((await guest.call('POST /api/invitation/accept', { body })).user).toMatchObject({ username: name });
  });
});
