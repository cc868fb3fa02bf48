import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { changeLink } from '../support/change-link.ts';
import { apply, upload } from '../support/csv-upload.ts';
import { hangOnWrite, untilEndedOrWaiting, untilHanging } from '../support/hang-on-write.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

// Each test stops a write half-way and needs a second connection, which only PostgreSQL has.
const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
const hanakoUpn = demoUsers.hanako.userPrincipalName;
const password = 'correct horse battery';

let accountId: string;
let release = async () => {};
const db = () => argus.services.db;

// Another site may embed the portlet here, so that pop-ups need tickets.
stageLinkedTaro({ config: { frameAncestors: ['https://portal.example'] } });
beforeAll(async () => {
  accountId = (await db().account.findFirstOrThrow({ where: { username } })).id;
});
beforeEach(async () => {
  await db().signInThrottle.deleteMany({});
  await user.signIn(username);
});
afterEach(() => release());

async function setActive(active: boolean) {
  const account = await db().account.findUniqueOrThrow({ where: { id: accountId } });
  const { displayName, role, salesforceId, version } = account;
  const body = { username, displayName, role, salesforceId, version, active };
  await admin.call('PUT /api/admin/users/:id', { params: { id: accountId }, body });
}

/** Makes one write hang, does something at that moment, and lets both end. */
async function atOnce<A, B>(begun: Promise<A>, end: () => Promise<B>): Promise<[A, B]> {
  await untilHanging(argus.database);
  const ending = end();
  await untilEndedOrWaiting(argus.database, ending);
  await release();
  return Promise.all([begun, ending]);
}

const flowOrTicket = async () =>
  (await db().authorizationTransaction.count()) + (await db().authorizationTicket.count());

describe.runIf(onPostgres)('S-8: what begins at the very moment when the right to it ends', () => {
  const kickOff = `/services/auth/oauth/${suffix}`;
  const beginnings = {
    'a flow': ['AuthorizationTransaction', async () => () => user.send('GET', kickOff)],
    'a ticket': [
      'AuthorizationTicket',
      async () => {
        const headers = { 'x-csrf-token': (await user.call('GET /api/session')).csrfToken };
        return () => user.send('POST', '/api/authorization/tickets', { body: {}, headers });
      },
    ],
    'a flow by a ticket': [
      'AuthorizationTransaction',
      async () => {
        const { startUrl } = await user.call('POST /api/authorization/tickets');
        const ticket = new URL(startUrl).searchParams.get('ticket') ?? '';
        const popUp = argus.browser();
        const headers = { 'x-csrf-token': (await popUp.call('GET /api/session')).csrfToken };
        return () => popUp.send('POST', '/api/authorization/tickets/take', { body: { ticket }, headers });
      },
    ],
  } as const;
  const endings = {
    'sign-out': async () => {
      await user.call('DELETE /api/session');
    },
    'new password': async () => {
      await admin.call('PUT /api/admin/users/:id/password', { params: { id: accountId }, body: { password } });
    },
    deactivation: () => setActive(false),
    revocation: async () => {
      await user.call('DELETE /api/authorization');
    },
    'change of the link': () => linkTo(hanakoUpn),
    'change of the link by a file': async () => {
      const csv = `Salesforceアカウント,Microsoft365アカウント\n${username},${hanakoUpn}\n`;
      await apply(admin, await upload(admin, csv));
    },
    'switch of the provider': () => useProvider('nobody'),
  };
  afterEach(async () => {
    await setActive(true);
    await linkTo(taroUpn);
    await useProvider(suffix);
    await db().authorizationTransaction.deleteMany({});
    await db().authorizationTicket.deleteMany({});
  });

  const cases = Object.entries(beginnings).flatMap(([what, [table, begin]]) =>
    Object.entries(endings)
      // A ticket is for the provider in its address, whichever is in use: its flow is checked when the ticket is
      // taken.
      .filter(([ending]) => what !== 'a ticket' || ending !== 'switch of the provider')
      .map(([ending, end]) => [what, ending, table, begin, end] as const),
  );
  it.each(cases)('S-8: %s does not outlive the %s', async (_what, _ending, table, begin, end) => {
    const start = await begin();
    release = await hangOnWrite(argus.database, table);
    await atOnce(start(), end);
    expect(await flowOrTicket()).toBe(0);
  });

  const linkTo = (microsoftAccount: string) => changeLink(admin, username, microsoftAccount);
  const useProvider = (authProviderUrlSuffix: string) => saveSettings(argus, admin, { authProviderUrlSuffix });
});

describe.runIf(onPostgres)('S-8: a sign-in at the very moment of a deactivation', () => {
  afterEach(() => setActive(true));
  const credentials = { body: { username, password } };
  const sessions = () => db().session.count({ where: { accountId } });
  const signingIn = async () => {
    const browser = argus.browser();
    const headers = { 'x-csrf-token': (await browser.call('GET /api/session')).csrfToken };
    return () => browser.send('POST', '/api/session', { ...credentials, headers });
  };

  it('S-8: is refused if its password is checked after it', async () => {
    const signIn = await signingIn();
    release = await hangOnWrite(argus.database, 'SignInThrottle', { when: `new.key = 'account:${accountId}'` });
    const [reply] = await atOnce(signIn(), () => setActive(false));
    expect(reply).toMatchObject({ status: 401, body: { code: 'sign_in_failed' } });
    expect(await sessions()).toBe(0);
  });

  it('S-8: leaves no session if the session is stored after it', async () => {
    const signIn = await signingIn();
    release = await hangOnWrite(argus.database, 'Session');
    await atOnce(signIn(), () => setActive(false));
    expect(await sessions()).toBe(0);
  });

  it('S-8: succeeds, as does the deactivation, if both run at once', async () => {
    const signIn = await signingIn();
    const when = `old.key = 'account:${accountId}'`;
    release = await hangOnWrite(argus.database, 'SignInThrottle', { when, on: 'DELETE' });
    const [reply] = await atOnce(signIn(), () => setActive(false));
    expect(reply.status).toBe(200);
    expect(await sessions()).toBe(0);
  });
});

describe.runIf(onPostgres)('S-1: two first lists of a mailbox at once', () => {
  it('S-1: are both shown, and one of them is stored', async () => {
    await user.authorize(taroUpn);
    const other = await startAnotherInstance(argus);
    try {
      for (let round = 0; round < 5; round += 1) {
        await db().mailCache.deleteMany({});
        release = await hangOnWrite(argus.database, 'MailCache');
        const loads = [argus.url, other.url].map((origin) => user.send('GET', `${origin}/api/new-arrivals`));
        await untilHanging(argus.database);
        await untilEndedOrWaiting(argus.database, Promise.any(loads));
        await release();
        expect((await Promise.all(loads)).map(({ status }) => status)).toEqual([200, 200]);
        expect(await db().mailCache.count()).toBe(1);
      }
    } finally {
      await other.close();
    }
  });
});

describe('S-10: a user who goes on without end', () => {
  it('S-10: leaves only the thirty newest sessions of an account', async () => {
    const expiresAt = new Date(Date.now() + 3600_000);
    const createdAt = new Date(Date.now() - 3600_000);
    await db().session.createMany({
      data: Array.from({ length: 40 }, (_, i) => ({ id: `old ${i}`, accountId, data: {}, expiresAt, createdAt })),
    });
    await user.signIn(username);
    expect(await db().session.count({ where: { accountId } })).toBe(30);
    expect(await user.call('GET /api/authorization')).toMatchObject({ linkedAccount: taroUpn });
  });

  it('S-10: adds nothing to the audit log by saving unchanged data, or by revoking what does not exist', async () => {
    const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    const [provider] = (await admin.call('GET /api/admin/auth-providers')).items;
    const [site] = (await admin.call('GET /api/admin/remote-sites')).items;
    if (!link || !provider || !site) throw new Error('not set up');
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: link.id } });
    const before = await db().auditEvent.count();
    await setActive(true);
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: link.id } });
    await admin.call('PUT /api/admin/account-links/:id', {
      params: { id: link.id },
      body: { microsoftAccount: link.microsoftAccount, version: link.version },
    });
    await saveSettings(argus, admin, {});
    await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id: provider.id },
      body: { ...form, version: provider.version },
    });
    const { name, url, disableProtocolSecurity, active, description } = site;
    await admin.call('PUT /api/admin/remote-sites/:id', {
      params: { id: site.id },
      body: { name, url, disableProtocolSecurity, active, description, version: site.version },
    });
    expect(await db().auditEvent.findMany({ skip: before, orderBy: { occurredAt: 'asc' } })).toEqual([]);
  });
});
