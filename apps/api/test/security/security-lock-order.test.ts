import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteExpiredInvitations } from '../../src/accounts/records/invitations.ts';
import { providerOf, settingsOf, suffix } from '../support/build-app.ts';
import { csrfTokenOf } from '../support/cookie-header.ts';
import { apply, settled, upload } from '../support/csv-upload.ts';
import { hangOnWrite, untilEndedOrWaiting, untilHanging } from '../support/hang-on-write.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { untilCalled } from '../support/wait-for.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
const hanakoUpn = demoUsers.hanako.userPrincipalName;
const password = 'correct horse battery';

let release = async () => {};
const db = () => argus.services.db;

stageLinkedTaro();
beforeEach(async () => {
  await db().authorizationTransaction.deleteMany({});
});
afterEach(async () => {
  await release();
  argus.fake.control.clearFaults();
});

const send = async (method: string, path: string, body: unknown) =>
  admin.send(method, path, { body, headers: { 'x-csrf-token': await csrfTokenOf(admin) } });

/** Applies a file that links the user to somebody else, and authorizes the user as that account. */
async function linkedByFile() {
  const csv = `Salesforceアカウント,Microsoft365アカウント\n${username},${hanakoUpn}\n`;
  const imported = await apply(admin, await upload(admin, csv));
  await user.authorize(hanakoUpn);
  await user.call('GET /api/new-arrivals');
  return imported;
}

const undo = (id: number) => admin.call('POST /api/admin/csv-imports/:id/undo', { params: { id: String(id) } });

describe.runIf(onPostgres)('S-8: one order of locks', () => {
  it('S-8: a flow that begins while a file is undone does not outlive the undo', async () => {
    const imported = await linkedByFile();
    release = await hangOnWrite(argus.database, 'MailCache', { on: 'DELETE' });
    await undo(imported.id);
    await untilHanging(argus.database);
    const kickOff = user.send('GET', `/services/auth/oauth/${suffix}`);
    await untilEndedOrWaiting(argus.database, kickOff);
    await release();
    await kickOff;
    expect(await settled(admin, imported.id)).toMatchObject({ state: 'undone' });
    expect(await db().authorizationTransaction.count()).toBe(0);
  });

  it('S-8: a grant that is being stored while a file is undone is stored or refused, and neither fails', async () => {
    const imported = await linkedByFile();
    await db().authorizationTransaction.deleteMany({});
    const path = await user.consent(hanakoUpn);
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const ending = user.send('GET', path);
    await untilCalled(argus, '/token');
    release = await hangOnWrite(argus.database, 'MailCache', { on: 'DELETE' });
    await undo(imported.id);
    await untilHanging(argus.database);
    argus.fake.control.answerNow();
    await untilEndedOrWaiting(argus.database, ending);
    await release();
    expect(await outcomeOf(user, await ending)).toMatchObject({ problem: { code: 'authorization_state_invalid' } });
    expect(await settled(admin, imported.id)).toMatchObject({ state: 'undone' });
  });

  it('S-8: a provider’s suffix changes while a grant is being stored', async () => {
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    const path = await user.consent(taroUpn);
    release = await hangOnWrite(argus.database, 'Grant');
    const ending = user.send('GET', path);
    await untilHanging(argus.database);
    const body = { ...form, urlSuffix: 'Other', version: provider?.version };
    const changing = send('PUT', `/api/admin/auth-providers/${provider?.id}`, body);
    await untilEndedOrWaiting(argus.database, changing);
    await release();
    expect((await ending).status).toBe(303);
    expect((await changing).status).toBe(200);
    const [now] = (await admin.call('GET /api/admin/auth-providers')).items;
    await send('PUT', `/api/admin/auth-providers/${provider?.id}`, { ...form, version: now?.version });
  });

  it('S-8: a provider is deleted while a flow begins at it: none is left, and the page says what happened', async () => {
    const body = { ...providerOf(argus.fake), name: 'Second', urlSuffix: 'Second' };
    const second = await admin.call('POST /api/admin/auth-providers', { body });
    const use = async (authProviderUrlSuffix: string) => {
      const { version } = await admin.call('GET /api/admin/settings');
      await send('PUT', '/api/admin/settings', { ...settingsOf(argus.fake), authProviderUrlSuffix, version });
    };
    await use('Second');
    release = await hangOnWrite(argus.database, 'AuthorizationTransaction');
    const kickOff = user.send('GET', '/services/auth/oauth/Second');
    await untilHanging(argus.database);
    const deleting = send('DELETE', `/api/admin/auth-providers/${second.id}`, {});
    await untilEndedOrWaiting(argus.database, deleting);
    await release();
    expect((await kickOff).status).toBe(303);
    expect((await deleting).status).toBe(204);
    expect(await db().authorizationTransaction.count()).toBe(0);
    expect(await db().errorEvent.count({ where: { code: 'internal_error' } })).toBe(0);
    await use(suffix);
  });

  it('S-8: invitations are issued again while expired ones are deleted', async () => {
    await addAccounts('w', 2_000);
    for (let round = 0; round < 8; round += 1) {
      await db().$executeRaw`DELETE FROM "Invitation"`;
      await db().$executeRaw`
        INSERT INTO "Invitation" ("tokenHash", "accountId", "expiresAt", "createdAt")
        SELECT md5(id::text), id, now() - interval '1 hour', now() FROM "Account" WHERE username LIKE 'w0%'
        ORDER BY "usernameKey" DESC`;
      const issuing = send('POST', '/api/admin/invitations', { q: 'w0', role: null, timeZone: 'Asia/Tokyo' });
      await new Promise((resolve) => setTimeout(resolve, 10 + round * 8));
      await deleteExpiredInvitations(db(), new Date());
      expect((await issuing).status).toBe(200);
    }
  });

  describe('beside a file that deactivates accounts in two batches', () => {
    const first = 'aa@argus.example';
    const last = 'zz@argus.example';
    let lastId: string;

    beforeAll(async () => {
      // Two accounts at both ends of the file, which share a browser.
      await argus.addAccount(first);
      lastId = await argus.addAccount(last);
      await addAccounts('u', 20_100);
      const shared = argus.browser();
      await shared.signIn(first);
      await shared.call('DELETE /api/session');
      await shared.signIn(last);
    });

    /** Applies the file up to the point where it waits for the last account, or its write hangs. */
    async function planned() {
      const csv = (await admin.send('GET', '/api/admin/users/csv?encoding=utf-8')).text;
      const lines = csv
        .split('\r\n')
        .map((line) => (/(aa|zz|taro)@/.test(line) ? line.replace(/[^,]*$/, '無効') : line));
      return upload(admin, lines.join('\r\n'), { table: 'users', fileName: 'users.csv' });
    }
    const begin = ({ id, planVersion }: { id: number; planVersion: number }) =>
      admin.call('POST /api/admin/csv-imports/:id/apply', {
        params: { id: String(id) },
        body: { planVersion, removals: null },
      });
    const reactivate = () =>
      db().account.updateMany({
        where: { username: { in: [first, last, username] } },
        data: { active: true, version: { increment: 1 } },
      });

    it('S-8: a new password of the last is set, and the file applied', async () => {
      const plan = await planned();
      const when = `old."accountId" = '${lastId}'`;
      release = await hangOnWrite(argus.database, 'Session', { on: 'DELETE', when });
      const setting = send('PUT', `/api/admin/users/${lastId}/password`, { password });
      await untilHanging(argus.database);
      await begin(plan);
      await untilEndedOrWaiting(argus.database, new Promise(() => {}));
      await release();
      expect((await setting).status).toBe(204);
      expect(await settled(admin, plan.id)).toMatchObject({ state: 'applied' });
      await reactivate();
    });

    it('S-8: a moved mail URL is saved, and the file applied', async () => {
      await user.signIn(username);
      await user.authorize(taroUpn);
      await admin.call('POST /api/admin/account-links', {
        body: { username: last, microsoftAccount: 'zz@contoso.example' },
      });
      const begun = argus.browser();
      await begun.signIn(last);
      await begun.send('GET', `/services/auth/oauth/${suffix}`);
      expect(await db().authorizationTransaction.count({ where: { accountId: lastId } })).toBe(1);
      const plan = await planned();
      release = await hangOnWrite(argus.database, 'Account', { when: `new.username = '${last}'` });
      await begin(plan);
      await untilHanging(argus.database);
      const { version } = await admin.call('GET /api/admin/settings');
      const mailUrl = 'https://other.example/v1.0/me/messages';
      const moving = send('PUT', '/api/admin/settings', { ...settingsOf(argus.fake), mailUrl, version });
      await untilEndedOrWaiting(argus.database, moving);
      await release();
      expect((await moving).status).toBe(200);
      expect(await settled(admin, plan.id)).toMatchObject({ state: 'applied' });
    });
  });
});

describe('S-10: what is written to the audit log', () => {
  it('S-10: a change by the one who made it, even if a later request sends the next version', async () => {
    const site = (await admin.call('GET /api/admin/remote-sites')).items[0];
    const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    const { version } = await admin.call('GET /api/admin/settings');
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    if (!site || !link || !provider) throw new Error('not set up');
    const { name, url, disableProtocolSecurity, active, description } = site;
    const siteForm = { name, url, disableProtocolSecurity, active, description };
    const targets = [
      ['/api/admin/settings', { ...settingsOf(argus.fake), version: version + 1 }],
      [`/api/admin/auth-providers/${provider.id}`, { ...form, version: provider.version + 1 }],
      [`/api/admin/remote-sites/${site.id}`, { ...siteForm, version: site.version + 1 }],
      [`/api/admin/account-links/${link.id}`, { microsoftAccount: link.microsoftAccount, version: link.version + 1 }],
    ] as const;
    const tables = ['Settings', 'AuthProvider', 'RemoteSite', 'AccountLink'] as const;
    for (const [index, [path, body]] of targets.entries()) {
      const where = index === 0 ? '' : `WHERE id = '${path.split('/').at(-1)}'`;
      const run = db().$transaction.bind(db());
      // Between reading and writing the one, the other is saved.
      const spy = vi.spyOn(db(), '$transaction').mockImplementation(((work: (tx: object) => Promise<unknown>) =>
        run((tx) => {
          const bump = () => tx.$executeRawUnsafe(`UPDATE "${tables[index]}" SET version = version + 1 ${where}`);
          return work(beforeUpdate(tx, bump));
        })) as never);
      expect((await send('PUT', path, body)).status, path).toBe(409);
      spy.mockRestore();
    }
  });

  it('S-10: one diagnosis, however many ask for it at once', async () => {
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000 });
    const token = await csrfTokenOf(admin);
    const asked = { body: { username }, headers: { 'x-csrf-token': token } };
    const diagnosed = () => db().auditEvent.count({ where: { action: 'connection_diagnosed' } });
    const [runs, before] = [await db().doctorRun.count(), await diagnosed()];
    await Promise.all(Array.from({ length: 5 }, () => admin.send('POST', '/api/admin/doctor-runs', asked)));
    expect((await diagnosed()) - before).toBe((await db().doctorRun.count()) - runs);
    argus.fake.control.answerNow();
  });
});

/** A transaction that runs `act` before each `updateMany`. */
function beforeUpdate<T extends object>(tx: T, act: () => Promise<unknown>): T {
  return new Proxy(tx, {
    get(target, model) {
      const value = Reflect.get(target, model) as unknown;
      if (typeof value !== 'object' || value === null) return value;
      return new Proxy(value, {
        get(table, action) {
          const method = Reflect.get(table, action) as unknown;
          if (action !== 'updateMany' || typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            await act();
            return (method as (...all: unknown[]) => unknown).apply(table, args);
          };
        },
      });
    },
  });
}

async function addAccounts(letter: string, count: number): Promise<void> {
  await db().$executeRaw`
    INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
    SELECT gen_random_uuid(), name, name, name, name, now()
    FROM generate_series(1, ${count}::int) AS i, LATERAL (SELECT ${letter} || lpad(i::text, 6, '0') || '@argus.example' AS name) AS n`;
}
