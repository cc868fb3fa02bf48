import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Browser, providerOf, settingsOf } from '../support/build-app.ts';
import { cookieHeader, csrfTokenOf } from '../support/cookie-header.ts';
import { hangOnWrite, untilEndedOrWaiting, untilHanging } from '../support/hang-on-write.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { deactivateEve, eve, eveId, eveName, stageEve } from '../support/stage-eve.ts';
import { untilCalled } from '../support/wait-for.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
const password = 'correct horse battery';

let release = async () => {};
const db = () => argus.services.db;

stageLinkedTaro();
stageEve();
beforeAll(async () => {
  await argus.addAccount('victim@argus.example', 'admin');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await release();
  await db().account.updateMany({ where: { username: eveName }, data: { active: true } });
});

const idOf = async (name: string) => (await db().account.findFirstOrThrow({ where: { username: name } })).id;

interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The changes an administrator can make, each as a valid request. */
const changes: Record<string, () => Promise<Change>> = {
  'another’s password': async () => ({
    method: 'PUT',
    path: `/api/admin/users/${await idOf('victim@argus.example')}/password`,
    body: { password: 'known to the attacker' },
  }),
  'a new administrator': async () => ({
    method: 'POST',
    path: '/api/admin/users',
    body: {
      username: 'eves-own@argus.example',
      displayName: 'Own',
      role: 'admin',
      salesforceId: null,
      password: 'known to the attacker',
    },
  }),
  'the own return': async () => {
    const { displayName, role, salesforceId, version } = await db().account.findUniqueOrThrow({ where: { id: eveId } });
    // Her future version, once she is deactivated.
    const body = { username: eveName, displayName, role, salesforceId, active: true, version: version + 1 };
    return { method: 'PUT', path: `/api/admin/users/${eveId}`, body };
  },
  'the own password': async () => ({
    method: 'PUT',
    path: '/api/session/password',
    body: { currentPassword: password, newPassword: 'another horse battery' },
  }),
  'a link': async () => {
    const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    const body = { microsoftAccount: 'other@contoso.example', version: link?.version };
    return { method: 'PUT', path: `/api/admin/account-links/${link?.id}`, body };
  },
  'a revocation': async () => {
    const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    return { method: 'DELETE', path: `/api/admin/account-links/${link?.id}/authorization`, body: {} };
  },
  'the settings': async () => {
    const { version } = await admin.call('GET /api/admin/settings');
    return { method: 'PUT', path: '/api/admin/settings', body: { ...settingsOf(argus.fake), mailCount: 3, version } };
  },
  'a provider': async () => {
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    const body = { ...form, name: 'Eve’s', version: provider?.version };
    return { method: 'PUT', path: `/api/admin/auth-providers/${provider?.id}`, body };
  },
  'a remote site': async () => ({
    method: 'POST',
    path: '/api/admin/remote-sites',
    body: { name: 'Eve', url: 'https://eve.example', disableProtocolSecurity: false, active: true, description: '' },
  }),
  'an import': async () => ({
    method: 'POST',
    path: '/api/admin/csv-imports',
    body: { table: 'users', fileName: 'eve.csv', fileBytes: 10 },
  }),
};

/** Sends the head of a request and the first byte of its body; `finish` sends the rest and returns the status. */
async function beginSlowly(browser: Browser, { method, path, body }: Change) {
  const { port, host } = new URL(argus.url);
  const text = JSON.stringify(body);
  const socket = connect(Number(port), 'localhost');
  let reply = '';
  socket.on('data', (chunk) => {
    reply += chunk;
  });
  socket.write(
    [
      `${method} ${path} HTTP/1.1`,
      `host: ${host}`,
      `origin: ${argus.url}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      `x-csrf-token: ${await csrfTokenOf(browser)}`,
      `cookie: ${cookieHeader(browser)}`,
      'connection: close',
      '',
      text.slice(0, 1),
    ].join('\r\n'),
  );
  return async () => {
    socket.write(text.slice(1));
    await vi.waitFor(() => expect(socket.closed).toBe(true), 10_000);
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]);
  };
}

/** Waits until the request in flight has been checked by its head. */
const judged = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('S-8: a request whose body arrives after the right to it has ended', () => {
  it('S-8: changes nothing, whatever it asks for', async () => {
    const finishes: Record<string, () => Promise<number>> = {};
    for (const [name, change] of Object.entries(changes)) finishes[name] = await beginSlowly(eve, await change());
    await judged();
    await deactivateEve();
    const before = await state();
    const statuses = Object.fromEntries(
      await Promise.all(Object.entries(finishes).map(async ([name, finish]) => [name, await finish()] as const)),
    );
    expect(statuses).toEqual(Object.fromEntries(Object.keys(changes).map((name) => [name, 401])));
    expect(await state()).toEqual(before);
  });

  it('S-8: changes nothing after a sign-out either, which is logged once, however often it is requested', async () => {
    const signOut = { method: 'DELETE', path: '/api/session', body: {} };
    const own = await changes['the own password']?.();
    if (!own) throw new Error('no such change');
    const late = [await beginSlowly(eve, own), ...(await Promise.all([1, 2, 3].map(() => beginSlowly(eve, signOut))))];
    await judged();
    await eve.call('DELETE /api/session');
    const written = await db().auditEvent.count({ where: { action: 'sign_out' } });
    await Promise.all(late.map((finish) => finish()));
    expect(await db().session.count({ where: { accountId: eveId } })).toBe(0);
    expect(await db().auditEvent.count({ where: { action: 'sign_out' } })).toBe(written);
  });

  /** Everything that the changes could leave behind. */
  async function state() {
    const noTimes = { omit: { updatedAt: true } } as const;
    return JSON.stringify([
      await db().account.findMany({ orderBy: { id: 'asc' }, ...noTimes }),
      await db().accountLink.findMany(noTimes),
      await db().settings.findMany(noTimes),
      await db().authProvider.findMany(noTimes),
      await db().remoteSite.count(),
      await db().csvImport.count(),
    ]);
  }
});

describe('S-8: a right that ends while its change is being prepared', () => {
  it.each(Object.keys(changes).filter((name) => name !== 'an import'))('S-8: rolls back %s', async (name) => {
    const change = await changes[name]?.();
    if (!change) throw new Error('no such change');
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const run = db().$transaction.bind(db());
    // As if earlier work, such as hashing a password, had taken this long.
    vi.spyOn(db(), '$transaction').mockImplementationOnce((async (...args: Parameters<typeof run>) => {
      await db().session.deleteMany({ where: { accountId: eveId } });
      return run(...args);
    }) as never);
    const reply = await eve.send(change.method, change.path, { body: change.body, headers });
    expect(reply).toMatchObject({ status: 401, body: { code: 'session_missing' } });
  });

  it.runIf(onPostgres).each(['the own return', 'the settings'])(
    'S-8: rolls back %s that waited for the transaction that ended it',
    async (name) => {
      const change = await changes[name]?.();
      if (!change) throw new Error('no such change');
      const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
      let reply: Promise<{ status: number }> | undefined;
      await db().$transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM "Settings" WHERE id = 1 FOR UPDATE`;
        const data = { active: false, version: { increment: 1 } };
        await tx.account.update({ where: { id: eveId }, data });
        reply = eve.send(change.method, change.path, { body: change.body, headers });
        await untilEndedOrWaiting(argus.database, reply);
        await tx.session.deleteMany({ where: { accountId: eveId } });
      });
      expect(await reply).toMatchObject({ status: 401 });
      expect(await db().account.findUniqueOrThrow({ where: { id: eveId } })).toMatchObject({ active: false });
    },
  );

  it.runIf(onPostgres)('S-8: a sign-out at the moment of a re-authentication leaves no session', async () => {
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const copy = argus.browser();
    for (const [name, value] of eve.cookies) copy.cookies.set(name, value);
    release = await hangOnWrite(argus.database, 'Session', { on: 'DELETE' });
    const proving = eve.send('POST', '/api/session/reauthentication', { body: { password }, headers });
    await untilHanging(argus.database);
    const ending = copy.send('DELETE', '/api/session', { headers });
    await untilEndedOrWaiting(argus.database, ending);
    await release();
    expect((await proving).status).toBe(200);
    expect((await ending).status).toBe(204);
    expect(await db().session.count({ where: { accountId: eveId } })).toBe(0);
  });
});

describe('S-8: a reply that is still being read when the right to it has ended', () => {
  it.runIf(onPostgres)('S-8: issues no more invitations', async () => {
    await addAccounts('w', 4_500);
    const [last] = await db().account.findMany({
      where: { username: { startsWith: 'w0' } },
      orderBy: { usernameKey: 'asc' },
      skip: 2_000,
      take: 1,
    });
    // In the second of three batches, which is rolled back.
    release = await hangOnWrite(argus.database, 'Invitation', { when: `new."accountId" = '${last?.id}'` });
    const headers = { 'x-csrf-token': await csrfTokenOf(eve) };
    const body = { q: 'w0', role: null, timeZone: 'Asia/Tokyo' };
    const reading = eve.send('POST', '/api/admin/invitations', { body, headers }).catch(() => 'broken off');
    await untilHanging(argus.database);
    await deactivateEve();
    await release();
    expect(await reading).toBe('broken off');
    expect(await db().invitation.count()).toBe(2_000);
  });

  it
    .runIf(onPostgres)
    .each([
      '/api/admin/users/csv?encoding=utf-8',
      '/api/admin/account-links/csv?form=import&encoding=utf-8',
      '/api/admin/error-events/csv?encoding=utf-8',
    ])('S-8: gives no further page of %s', async (path) => {
    release = await hangOnWrite(argus.database, 'AuditEvent', { when: `new.action = 'csv_exported'` });
    const reading = eve.send('GET', path).catch(() => 'broken off');
    await untilHanging(argus.database);
    await deactivateEve();
    await addAccounts('z', 700);
    await db().$executeRaw`
      INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
      SELECT gen_random_uuid(), id, username, "usernameKey", now() FROM "Account" WHERE username LIKE 'z0%'
      ON CONFLICT DO NOTHING`;
    await db().$executeRaw`
      INSERT INTO "ErrorEvent" (id, code, stage, params, "requestId", "occurredAt")
      SELECT lpad(i::text, 8, '0'), 'mail_timeout', 'mail', '{}', '', now() FROM generate_series(1, 700) AS i ON CONFLICT DO NOTHING`;
    await release();
    expect(await reading).toBe('broken off');
  });

  it('S-8: brings no mail to a session that ended while Microsoft was slow', async () => {
    await user.authorize(taroUpn);
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 20_000, times: 1 });
    const reading = user.send('GET', '/api/new-arrivals?refresh=true');
    await untilCalled(argus, '/messages');
    await db().session.deleteMany({ where: { account: { username } } });
    argus.fake.control.answerNow();
    expect(await reading).toMatchObject({ status: 401, body: { code: 'session_missing' } });
    argus.fake.control.clearFaults();
    await user.signIn(username);
  });
});

async function addAccounts(letter: string, count: number): Promise<void> {
  await db().$executeRaw`
    INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
    SELECT gen_random_uuid(), name, name, name, name, now()
    FROM generate_series(1, ${count}::int) AS i, LATERAL (SELECT ${letter} || lpad(i::text, 6, '0') || '@argus.example' AS name) AS n
    ON CONFLICT DO NOTHING`;
}
