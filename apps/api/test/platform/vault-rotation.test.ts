import { afterEach, beforeEach, expect, test } from 'vitest';
import { sealedColumns } from '../../src/connection/records/sealed-columns.ts';
import { resealValues } from '../../src/connection/reseal.ts';
import { inTransaction } from '../../src/platform/database/db.ts';
import { checkVaultKeys } from '../../src/platform/vault/check-vault-keys.ts';
import { countSealedValues } from '../../src/platform/vault/records/sealed-values.ts';
import { createVault } from '../../src/platform/vault/seal.ts';
import { type Browser, providerOf, type Reply, suffix, type TestArgus, testPassword } from '../support/build-app.ts';
import { untilEndedOrWaiting } from '../support/hang-on-write.ts';
import { buildLinkedTaro, taroUpn } from '../support/linked-taro.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

const k1 = { kid: 'k1', key: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', key: Buffer.alloc(32, 2) };
type Keys = readonly (typeof k1)[];

let argus: TestArgus;
let admin: Browser;
let user: Browser;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  ({ argus, admin, user } = await buildLinkedTaro({ config: { vaultKeys: [k1] } }));
  closing.push(() => argus.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...keys: Keys): Promise<string> {
  const instance = await startAnotherInstance(argus, { vault: createVault(keys) });
  closing.push(() => instance.close());
  return instance.url;
}

const check = (...keys: Keys) =>
  checkVaultKeys(argus.services.db, createVault(keys), keys, { columns: sealedColumns, now: argus.services.now() });
const counts = () => countSealedValues(argus.services.db, sealedColumns, argus.services.now());
const mailAt = (url: string) => user.send('GET', `${url}/api/new-arrivals?refresh=true`);

async function readSession(url: string) {
  const { body } = await user.send('GET', `${url}/api/session`);
  return body as { user: { username: string } | null; csrfToken: string };
}

test('the list of sealed columns has every column of the schema that holds sealed values', async () => {
  const rows = await argus.services.db.$queryRaw<{ place: string }[]>`
    SELECT table_name || '.' || column_name AS place FROM information_schema.columns
    WHERE table_schema = current_schema() AND lower(column_name) LIKE '%sealed%'`;
  const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(rows.map(({ place }) => place).sort()).toEqual([...listed, 'VaultKey.sealedCheck'].sort());
});

test('ops T22: while two instances roll from one key to another, nobody is signed out and every token of a page works', async () => {
  let csrfToken = (await readSession(argus.url)).csrfToken;
  /** Uses an instance with the cookies and the token that the one before gave. */
  async function use(url: string): Promise<void> {
    const proved = await user.send('POST', `${url}/api/session/reauthentication`, {
      body: { password: testPassword },
      headers: { 'x-csrf-token': csrfToken },
    });
    expect(proved.status).toBe(200);
    const session = await readSession(url);
    expect(session.user?.username).toBe('taro@argus.example');
    csrfToken = session.csrfToken;
    expect((await mailAt(url)).status).toBe(200);
  }

  await user.authorize(taroUpn);
  const appended = await start(k1, k2);
  for (const url of [argus.url, appended, argus.url, appended]) await use(url);
  const promoted = await start(k2, k1);
  for (const url of [appended, promoted, appended, promoted]) await use(url);
  // A flow that one instance began and the other ends.
  const started = await user.send('GET', `${appended}/services/auth/oauth/${suffix}`);
  const authorizeUrl = started.headers.get('location') ?? '';
  const { redirectUrl } = await argus.fake.control.signIn({ authorizeUrl, user: taroUpn, accept: true });
  const { pathname, search } = new URL(redirectUrl);
  const outcome = (await user.send('GET', `${promoted}${pathname}${search}`)).headers.get('location') ?? '';
  expect(
    (await user.send('GET', `${appended}/api${outcome.replace('/authorization/outcome', '/authorization/outcomes')}`))
      .text,
  ).toContain('authorized');
  await resealValues(argus.services.db, createVault([k2, k1]));
  const dropped = await start(k2);
  for (const url of [promoted, dropped, promoted, dropped]) await use(url);
});

test('ops T22: a session and a page that an instance with the new key only read go on where the old key has gone', async () => {
  const promoted = await start(k2, k1);
  const { csrfToken } = await readSession(promoted);
  const dropped = await start(k2);
  expect((await readSession(dropped)).user?.username).toBe('taro@argus.example');
  const headers = { 'x-csrf-token': csrfToken };
  const body = { password: testPassword };
  expect((await user.send('POST', `${dropped}/api/session/reauthentication`, { body, headers })).status).toBe(200);
});

test('ops T22: a cookie and a token of a key that is not configured are worth nothing', async () => {
  const { csrfToken } = await readSession(argus.url);
  const other = await start(k2);
  const headers = { 'x-csrf-token': csrfToken };
  const body = { password: testPassword };
  expect(await user.send('POST', `${other}/api/session/reauthentication`, { body, headers })).toMatchObject({
    body: { code: 'csrf_token_invalid' },
  });
  expect((await readSession(other)).user).toBeNull();
});

test('V03: reseal under load leaves no error and everything on the new key, and the old one can go', async () => {
  const { db } = argus.services;
  await user.authorize(taroUpn);
  await check(k1);
  const grant = await db.grant.findFirstOrThrow();
  const vault = createVault([k1]);
  const place = (id: string) =>
    `Grant/${id}/account:${id}/provider:${grant.providerId}/token:${grant.tokenOrigin}/mail:${grant.mailOrigin}`;
  for (let i = 0; i < 500; i += 1) {
    const { id } = await db.account.create({
      data: { username: `u${i}`, usernameKey: `u${i}`, displayName: 'u', displayNameKey: 'u', role: 'user' },
    });
    await db.grant.create({ data: { ...grant, id, accountId: id, sealedTokens: vault.seal(`{"n":${i}}`, place(id)) } });
  }
  const promoted = await start(k2, k1);
  await check(k2, k1);
  let busy = true;
  const answers: number[] = [];
  const load = (async () => {
    while (busy) {
      await db.grant.updateMany({ where: { id: grant.id }, data: { accessExpiresAt: new Date(0) } });
      argus.advance(6_000);
      answers.push((await mailAt(promoted)).status);
    }
  })();
  const done = await resealValues(db, createVault([k2, k1]));
  busy = false;
  await load;
  expect(done.unreadable.size).toBe(0);
  expect(done.resealed).toBeGreaterThan(500);
  expect(answers.length).toBeGreaterThan(0);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect([...(await counts()).keys()]).toEqual(['k2']);
  await check(k2);
  expect((await db.vaultKey.findMany()).map(({ kid }) => kid)).toEqual(['k2']);
  const opened = await db.grant.findMany({ where: { id: { not: grant.id } } });
  for (const { id, sealedTokens } of opened) createVault([k2]).open(sealedTokens ?? '', place(id));
});

test('V03: reseal does not overwrite what was changed after it was read', async () => {
  const { db } = argus.services;
  const [secret] = sealedColumns;
  if (!secret) throw new Error('no column');
  const { listSealedByOthers, replaceSealedValue } = await import('../../src/platform/vault/records/sealed-values.ts');
  const [row] = await listSealedByOthers(db, secret, { kid: 'k2', after: null, take: 10, now: new Date() });
  if (!row) throw new Error('no row');
  await db.authProvider.updateMany({ data: { sealedConsumerSecret: 'v1.k1.changed' } });
  expect(await replaceSealedValue(db, secret, row, 'v1.k2.stale')).toBe(false);
  expect(await db.authProvider.findFirst()).toMatchObject({ sealedConsumerSecret: 'v1.k1.changed' });
});

// PGlite has one connection: nothing waits for a lock there.
test.runIf(process.env.TEST_DATABASE_URL)(
  'V03: a provider that is being saved without a secret keeps the one that is sealed anew meanwhile',
  async () => {
    const { db } = argus.services;
    const { id, name } = await db.authProvider.findFirstOrThrow();
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    let saving = Promise.resolve<Reply | null>(null);
    await inTransaction(db, async (tx) => {
      await tx.$queryRaw`SELECT 1 AS locked FROM "Settings" WHERE id = 1 FOR UPDATE`;
      const body = { ...form, name: 'Renamed', version: 1 };
      saving = admin.send('PUT', `/api/admin/auth-providers/${id}`, { body });
      await untilEndedOrWaiting(argus.database, saving);
      await resealValues(db, createVault([k2, k1]));
    });
    expect(await saving).toMatchObject({ status: 200, body: { name: 'Renamed' } });
    expect([...(await counts()).keys()]).toEqual(['k2']);
    const event = await db.auditEvent.findFirstOrThrow({ where: { action: 'auth_provider_changed' } });
    expect(event.details).toEqual({ changes: [{ field: 'name', from: name, to: 'Renamed' }] });
  },
);

test('V03: a value that does not open is counted by its key and left as it is', async () => {
  const { db } = argus.services;
  await user.authorize(taroUpn);
  await db.grant.updateMany({ data: { sealedTokens: 'v1.k0.aaaa.bbbb.cccc' } });
  const { unreadable } = await resealValues(db, createVault([k2, k1]));
  expect([...unreadable]).toEqual([['k0', 1]]);
  expect(await db.grant.findFirst()).toMatchObject({ sealedTokens: 'v1.k0.aaaa.bbbb.cccc' });
});

test('V05: a key that seals kept mail cannot be dropped before the mail expires, also where its own row is missing', async () => {
  const { db } = argus.services;
  await user.authorize(taroUpn);
  await user.call('GET /api/new-arrivals');
  await resealValues(db, createVault([k2, k1]));
  await db.mailCache.updateMany({ data: { sealed: 'v1.k1.aaaa.bbbb.cccc' } });
  await expect(check(k2)).rejects.toThrow('1 件の値を保護した暗号鍵 k1');
  argus.advance(16 * 60_000);
  await check(k2);
});

test('V05: kept mail that cannot be opened counts as not kept: the user sees mail, and no error', async () => {
  const { db } = argus.services;
  await user.authorize(taroUpn);
  await user.call('GET /api/new-arrivals');
  await db.mailCache.updateMany({ data: { sealed: 'v1.k0.aaaa.bbbb.cccc' } });
  argus.fake.control.clearRequests();
  expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  expect(argus.fake.control.requests().some(({ path }) => path.includes('messages'))).toBe(true);
  expect((await db.mailCache.findFirstOrThrow()).sealed).toMatch(/^v1\.k1\./);
  expect(await db.errorEvent.count()).toBe(0);
});
