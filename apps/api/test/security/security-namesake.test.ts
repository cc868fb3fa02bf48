import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../support/build-app.ts';
import { apply, settled, undo, upload } from '../support/csv-upload.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

/** A hijacked administrator session, and an account that the attacker created beside 山田 太郎. */
let taken: Browser;
const namesake = 'taro2@argus.example';
const others = 'someone.else@contoso.example';

stageLinkedTaro();
beforeAll(async () => {
  await user.authorize(taroUpn);
  await argus.addAccount(namesake);
});
beforeEach(async () => {
  const { db } = argus.services;
  await db.accountLink.deleteMany({});
  taken = argus.browser();
  await taken.signIn('admin@argus.example');
});

const needed = { status: 403, code: 'reauthentication_needed' };
const link = (of: string, microsoftAccount: string) =>
  taken.call('POST /api/admin/account-links', { body: { username: of, microsoftAccount } });
const csvOf = (of: string, microsoftAccount: string) =>
  `Salesforceアカウント,Microsoft365アカウント\n${of},${microsoftAccount}\n`;
const links = async () =>
  (await argus.services.db.accountLink.findMany({ include: { account: true } })).map(
    ({ account, microsoftAccount }) => `${account.username} → ${microsoftAccount}`,
  );

describe('S-13: a session alone gives nobody the mailbox of another', () => {
  it('S-13: by a link of its own, whatever the spelling, also after a revocation', async () => {
    await user.call('DELETE /api/authorization');
    for (const spelling of [taroUpn, taroUpn.toUpperCase(), ` ${taroUpn} `, taroUpn.replace('@', '＠')]) {
      const body = { username: namesake, microsoftAccount: spelling };
      expect(await taken.fails('POST /api/admin/account-links', { body })).toMatchObject(needed);
    }
    expect(await links()).toEqual([]);
  });

  it('S-13: by a change of a link', async () => {
    const { id, version } = await link(namesake, others);
    const change = { params: { id }, body: { microsoftAccount: taroUpn, version } };
    expect(await taken.fails('PUT /api/admin/account-links/:id', change)).toMatchObject(needed);
    expect(await links()).toEqual([`${namesake} → ${others}`]);
  });

  it('S-13: by a file, which adds or changes the link or creates the account, or by undoing one', async () => {
    for (const of of [namesake, 'new@argus.example']) {
      const found = await upload(taken, csvOf(of, taroUpn), { createAccounts: true });
      expect(found).toMatchObject({ counts: { added: 1, error: 0 } });
      await expect(apply(taken, found)).rejects.toThrow(needed.code);
    }
    await link(namesake, others);
    const changing = await upload(taken, csvOf(namesake, taroUpn));
    expect(changing.counts).toMatchObject({ changed: 1 });
    await expect(apply(taken, changing)).rejects.toThrow(needed.code);
    expect(await links()).toEqual([`${namesake} → ${others}`]);

    // The namesake had it before 山田 太郎 authorized: the undo would restore that.
    const { db } = argus.services;
    await db.accountLink.updateMany({
      data: { microsoftAccount: taroUpn, microsoftAccountKey: taroUpn.toLowerCase() },
    });
    const leaving = await apply(taken, await upload(taken, csvOf(namesake, others)));
    expect(leaving.state).toBe('applied');
    await expect(undo(taken, leaving)).rejects.toThrow(needed.code);
    expect(await links()).toEqual([`${namesake} → ${others}`]);
  });

  it.runIf(process.env.TEST_DATABASE_URL)(
    'S-13: by a file, of a mailbox that its user authorizes while the import waits',
    async () => {
      const { db } = argus.services;
      await db.auditEvent.deleteMany({ where: { action: 'authorization_granted' } });
      await link(username, taroUpn);
      const file = `Salesforceアカウント,Microsoft365アカウント\n${username},${others}\n${namesake},${taroUpn}\n`;
      const found = await upload(taken, file);
      expect(found).toMatchObject({ counts: { added: 1, changed: 1, error: 0 } });
      const params = { id: String(found.id) };
      const body = { planVersion: found.planVersion, removals: null };
      await db.$transaction(async (tx) => {
        // As the change of another administrator holds it while the import waits.
        await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(4177201)::text`;
        await taken.call('POST /api/admin/csv-imports/:id/apply', { params, body });
        await user.authorize(taroUpn);
      });
      const ended = await settled(taken, found.id);
      expect(ended).toMatchObject({ state: 'ready', problem: { code: 'csv_import_outdated' } });
      expect(await links()).toEqual([`${username} → ${taroUpn}`]);
    },
  );

  it('S-13: by accepting another Microsoft 365 account of the same name', async () => {
    const { id } = await link(username, taroUpn);
    const accepting = { params: { id } };
    expect(await taken.fails('DELETE /api/admin/account-links/:id/pinned-identity', accepting)).toMatchObject(needed);
  });

  it('S-13: an account that nobody else authorized can be linked freely, and any other with the password', async () => {
    await link(username, taroUpn);
    await link(namesake, others);
    await argus.services.db.accountLink.deleteMany({});
    const found = await upload(taken, csvOf(username, taroUpn));
    expect(await apply(taken, found)).toMatchObject({ state: 'applied' });
    await argus.services.db.accountLink.deleteMany({});
    await taken.proveSelf();
    await link(namesake, taroUpn);
    expect(await links()).toEqual([`${namesake} → ${taroUpn}`]);
  });
});
