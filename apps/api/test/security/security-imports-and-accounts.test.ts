import { afterEach, describe, expect, it } from 'vitest';
import { UnlockFailure, unlockAdmin } from '../../src/accounts/unlock-admin.ts';
import { inTransaction } from '../../src/platform/database/db.ts';
import { apply, settled, upload } from '../support/csv-upload.ts';
import { hangOnWrite, untilEndedOrWaiting, untilHanging } from '../support/hang-on-write.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

const password = 'a very long horse battery';
let release = async () => {};

stageAdmin();
afterEach(() => release());

const accounts = () => argus.services.db.account;
const find = (username: string) => accounts().findFirst({ where: { username } });
const users = (...rows: string[]) =>
  upload(admin, ['ユーザ名,Salesforceアカウント,役割,有効', ...rows].join('\r\n'), { table: 'users' });
const links = (...rows: string[]) =>
  upload(admin, ['Salesforceアカウント,Microsoft365アカウント', ...rows].join('\r\n'), { createAccounts: true });
function unlock(username: string, importPatienceMs = 20_000) {
  const { config } = argus.database;
  if (config.kind !== 'postgres') throw new Error('only on PostgreSQL');
  const database = { ...config, poolMax: 2 };
  return unlockAdmin({ ...argus.services.config, database }, username, { importPatienceMs });
}

/** Undoes an import, and stops after it has judged all accounts and while it deletes the first of them. */
async function undoUntilHalfWay(id: number, first: string): Promise<void> {
  release = await hangOnWrite(argus.database, 'Account', { on: 'DELETE', when: `old.username = '${first}'` });
  await admin.call('POST /api/admin/csv-imports/:id/undo', { params: { id: String(id) } });
  await untilHanging(argus.database);
}

/** Applies a file that changes the names of two users, and stops after it has judged both and while it writes. */
async function applyUntilHalfWay(): Promise<number> {
  const known = async (username: string) => (await find(username)) ?? (await argus.addAccount(username));
  await known('one@argus.example');
  await known('two@argus.example');
  await accounts().updateMany({
    where: { username: { in: ['one@argus.example', 'two@argus.example'] } },
    data: asUser,
  });
  const { id, planVersion } = await users('1,one@argus.example,ユーザ,TRUE', '2,two@argus.example,ユーザ,TRUE');
  release = await hangOnWrite(argus.database, 'Account', { when: `new.username = 'one@argus.example'` });
  const body = { planVersion, removals: null };
  await admin.call('POST /api/admin/csv-imports/:id/apply', { params: { id: String(id) }, body });
  await untilHanging(argus.database);
  return id;
}
const asUser = { role: 'user', displayName: 'before', displayNameKey: 'before' } as const;

describe.runIf(Boolean(process.env.TEST_DATABASE_URL))('S-3: an import judges accounts, and then writes them', () => {
  it('S-3: while an import is undone, no account gets a password that the undo would delete with it', async () => {
    const { id } = await apply(admin, await users('A,a@argus.example,ユーザ,TRUE', 'B,b@argus.example,ユーザ,TRUE'));
    await undoUntilHalfWay(id, 'a@argus.example');
    const params = { id: (await find('b@argus.example'))?.id ?? '' };
    const refused = await admin.fails('PUT /api/admin/users/:id/password', { params, body: { password } });
    expect(refused).toMatchObject({ status: 409, code: 'csv_import_running' });
    await release();
    expect(await settled(admin, id)).toMatchObject({ state: 'undone' });
    const gone = await admin.fails('PUT /api/admin/users/:id/password', { params, body: { password } });
    expect(gone).toMatchObject({ status: 404 });
  });

  it('S-3: a password for an account that is deleted at that very moment is answered with 404', async () => {
    const { id } = await admin.call('POST /api/admin/users', {
      body: { username: 'c@argus.example', displayName: 'C', role: 'user', salesforceId: null, password },
    });
    let setting = Promise.resolve<unknown>(undefined);
    await inTransaction(argus.services.db, async (tx) => {
      await tx.account.delete({ where: { id } });
      setting = admin.fails('PUT /api/admin/users/:id/password', { params: { id }, body: { password } });
      await untilEndedOrWaiting(argus.database, setting);
    });
    expect(await setting).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['users', () => users('A,a@argus.example,ユーザ,TRUE', 'B,b@argus.example,ユーザ,TRUE')],
    ['links', () => links('a@argus.example,a@contoso.example', 'b@argus.example,b@contoso.example')],
  ])('S-3: what an undo of %s has judged stays as it was judged, whoever writes past its lock', async (_, file) => {
    const { id } = await apply(admin, await file());
    await undoUntilHalfWay(id, 'a@argus.example');
    const writing = accounts().updateMany({ where: { username: 'b@argus.example' }, data: { passwordHash: 'hash' } });
    // Prisma sends nothing before somebody waits for it.
    writing.catch(() => {});
    await untilEndedOrWaiting(argus.database, writing);
    await release();
    expect(await settled(admin, id)).toMatchObject({ state: 'undone' });
    expect(await writing).toEqual({ count: 0 });
  });

  it('S-3: an import that changes names leaves the roles alone, whoever writes past its lock', async () => {
    const id = await applyUntilHalfWay();
    const writing = accounts().updateMany({ where: { username: 'two@argus.example' }, data: { role: 'admin' } });
    writing.catch(() => {});
    await untilEndedOrWaiting(argus.database, writing);
    await release();
    expect(await settled(admin, id)).toMatchObject({ state: 'applied' });
    expect(await writing).toEqual({ count: 1 });
    expect(await find('two@argus.example')).toMatchObject({ displayName: '2', role: 'admin' });
  });

  it('S-3: unlock-admin waits for an import, and what it unlocks stays unlocked', async () => {
    const id = await applyUntilHalfWay();
    const unlocking = unlock('two@argus.example');
    unlocking.catch(() => {});
    // By then the first has found the import running as well.
    await expect(unlock('two@argus.example', 0)).rejects.toThrow(UnlockFailure);
    await release();
    expect(await settled(admin, id)).toMatchObject({ state: 'applied' });
    const printed = await unlocking;
    expect(await find('two@argus.example')).toMatchObject({ displayName: '2', role: 'admin', active: true });
    const browser = argus.browser();
    await browser.signIn('two@argus.example', /Password: (\S+)$/.exec(printed)?.[1]);
    expect(await browser.send('GET', '/api/admin/settings')).toMatchObject({ status: 200 });
  });

  it('S-3: where an import takes long, unlock-admin says so in both languages, and changes nothing', async () => {
    const id = await applyUntilHalfWay();
    const told = /CSV取込を実行中です（admin@argus\.example）。.*A CSV import is running \(admin@argus\.example\)/;
    await expect(unlock('two@argus.example', 0)).rejects.toThrow(told);
    await release();
    expect(await settled(admin, id)).toMatchObject({ state: 'applied' });
    expect(await find('two@argus.example')).toMatchObject({ role: 'user' });
  });
});
