import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deleteFailedPlan } from '../../src/imports/records/csv-import-data.ts';
import { housekeeping } from '../../src/upkeep/housekeeping.ts';
import type { Browser } from '../support/build-app.ts';
import { company, linkFile, linkHeader, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, sendFile, settled, undo, upload } from '../support/csv-upload.ts';
import { hangOnWrite, untilHanging } from '../support/hang-on-write.ts';
import { runJob } from '../support/run-job.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
const day = 24 * 3600_000;

stageCompany(['taro', 'hanako', 'jiro']);
// A test moves the clock on by days, which ends every session.
beforeEach(() => company.admin.signIn(usernameOf('admin')));

const releases: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

/** Runs SQL in a transaction that stays open, with what it locks, until the returned function is called. */
async function hold(sql: string): Promise<(lastly?: string) => Promise<void>> {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string | undefined>();
  const held = company.argus.database.prisma.$transaction(
    async (tx) => {
      await tx.$queryRawUnsafe(sql);
      begun.resolve();
      const lastly = await ended.promise;
      if (lastly !== undefined) await tx.$executeRawUnsafe(lastly);
    },
    { timeout: 20_000 },
  );
  await begun.promise;
  const release = async (lastly?: string) => {
    ended.resolve(lastly);
    await held;
  };
  releases.push(release);
  return release;
}

/** Until this many sessions wait for a lock. */
const untilWaiting = (sessions = 1) =>
  vi.waitFor(async () => {
    const waiting = await company.argus.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length < sessions) throw new Error(`${waiting.length} wait`);
  }, 10_000);

async function later(ms: number): Promise<Browser> {
  company.argus.advance(ms);
  return company.argus.signedIn(usernameOf('admin'));
}

const interrupted = { problem: { code: 'csv_import_interrupted' } };
const lockedRow = (id: number) => `SELECT 1 FROM "CsvImportRow" WHERE "importId" = ${id} FOR UPDATE`;
const replacing = { mode: 'replace', createAccounts: true, dropDisplayOnly: false } as const;
/** A file of 利用者 with these people; one of them inactive. */
const userFile = (active: Readonly<Record<string, boolean>>) =>
  [
    'ユーザ名,Salesforceアカウント,役割,有効',
    ...Object.entries(active).map(([name, is]) => `${name},${usernameOf(name)},一般,${is ? 'TRUE' : 'FALSE'}`),
  ].join('\r\n');
const taroIsActive = async () =>
  (await company.argus.services.db.account.findFirstOrThrow({ where: { usernameKey: usernameOf('taro') } })).active;

describe('CSV取込: whoever deletes the data of an import takes it first', () => {
  test.runIf(onPostgres)('S-3: an import that is applied while older ones are deleted keeps its plan', async () => {
    const first = await upload(company.admin, linkFile(['taro', 'x@contoso.example']));
    const second = await upload(
      company.admin,
      linkFile(['hanako', 'h@contoso.example'], ['jiro', 'j@contoso.example']),
    );
    const third = await upload(company.admin, linkFile(['taro', 'z@contoso.example']));
    const admin = await later(day + 60_000);
    const release = await hold(lockedRow(first.id));
    const job = runJob(company.argus, housekeeping);
    await untilWaiting();
    // A single change in progress, which the import waits for.
    const change = await hold('SELECT 1 FROM (SELECT pg_advisory_xact_lock_shared(4177201::bigint)::text) locked');
    const { id, planVersion } = second;
    const begun = await admin.send('POST', `/api/admin/csv-imports/${id}/apply`, {
      body: { planVersion, removals: null },
    });
    expect(begun.status).toBe(202);
    await release();
    await job;
    await change();
    expect(await settled(admin, id)).toMatchObject({ state: 'applied', progress: { rowsDone: 2, rowsTotal: 2 } });
    expect(await company.links()).toEqual({ hanako: 'h@contoso.example', jiro: 'j@contoso.example' });
    for (const idle of [first, third]) expect(await settled(admin, idle.id)).toMatchObject({ state: 'cancelled' });
    expect(await undo(admin, second)).toMatchObject({ state: 'undone' });
    expect(await company.links()).toEqual({});
  });

  test.runIf(onPostgres)('S-3: an import whose data are being deleted can neither be read nor applied', async () => {
    const found = await upload(company.admin, linkFile(['taro', 'x@contoso.example']));
    const admin = await later(day + 60_000);
    const release = await hold(lockedRow(found.id));
    const job = runJob(company.argus, housekeeping);
    await untilWaiting();
    const params = { id: String(found.id) };
    const body = { planVersion: found.planVersion, removals: null };
    const attempts = [
      admin.fails('POST /api/admin/csv-imports/:id/apply', { params, body }),
      admin.fails('POST /api/admin/csv-imports/:id/read', { params, body: replacing }),
    ];
    await untilWaiting(3);
    await release();
    await job;
    for (const attempt of attempts) expect(await attempt).toMatchObject({ code: 'csv_import_not_possible' });
    expect(await settled(admin, found.id)).toMatchObject({ state: 'cancelled' });
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  });

  test.runIf(onPostgres)(
    'S-3: an import that is undone at the end of its thirty days is undone, and stays listed',
    async () => {
      const first = await upload(company.admin, linkFile(['taro', 'x@contoso.example']));
      await apply(company.admin, first);
      const second = await upload(company.admin, linkFile(['hanako', 'h@contoso.example']));
      await apply(company.admin, second);
      const admin = await later(31 * day);
      const release = await hold(lockedRow(first.id));
      const job = runJob(company.argus, housekeeping);
      await untilWaiting();
      const hanging = await hangOnWrite(company.argus.database, 'AccountLink', { on: 'DELETE' });
      releases.push(hanging);
      await admin.call('POST /api/admin/csv-imports/:id/undo', { params: { id: String(second.id) } });
      await untilHanging(company.argus.database);
      await release();
      await job;
      await hanging();
      expect(await settled(admin, second.id)).toMatchObject({ state: 'undone' });
      expect(await company.links()).toEqual({ taro: 'x@contoso.example' });
      expect((await admin.send('GET', `/api/admin/csv-imports/${first.id}`)).status).toBe(404);
    },
  );
});

describe('CSV取込: what was worked on was complete, or nothing was done', () => {
  const plans = {
    links: async () => {
      await company.link({ taro: 'before@contoso.example' });
      return upload(company.admin, linkFile(['taro', 'x@contoso.example'], ['hanako', 'h@contoso.example']));
    },
    users: () =>
      upload(company.admin, userFile({ taro: false, hanako: true }), { table: 'users', fileName: 'users.csv' }),
  };
  const rows = () => company.argus.services.db.csvImportRow;

  for (const [table, plan] of Object.entries(plans)) {
    for (const lost of ['all of its plan', 'one row of its plan'] as const) {
      test(`S-3: an import of ${table} that has lost ${lost} is neither applied nor undone`, async () => {
        const found = await plan();
        const where = { importId: found.id, ...(lost === 'all of its plan' ? {} : { username: usernameOf('taro') }) };
        const kept = await rows().findMany({ where });
        expect(kept.length).toBeGreaterThan(0);
        const before = [await company.links(), await taroIsActive()];
        await rows().deleteMany({ where });
        expect(await apply(company.admin, found)).toMatchObject({ state: 'failed', ...interrupted });
        expect([await company.links(), await taroIsActive()]).toEqual(before);

        const again = await readAgain(found.id);
        expect(await apply(company.admin, again)).toMatchObject({ state: 'applied' });
        const applied = [await company.links(), await taroIsActive()];
        expect(applied).not.toEqual(before);
        await rows().deleteMany({ where });
        expect(await undo(company.admin, again)).toMatchObject({ state: 'applied', ...interrupted });
        expect([await company.links(), await taroIsActive()]).toEqual(applied);
        const actions = await company.argus.services.db.auditEvent.findMany({ where: { targetId: String(found.id) } });
        expect(actions.map(({ action }) => action)).not.toContain('csv_import_undone');
        await company.argus.services.db.account.updateMany({ data: { active: true } });
      });
    }
  }

  /** The same file read again. */
  async function readAgain(id: number) {
    const body = { mode: 'merge', createAccounts: false, dropDisplayOnly: false } as const;
    await company.admin.call('POST /api/admin/csv-imports/:id/read', { params: { id: String(id) }, body });
    return settled(company.admin, id);
  }

  test.runIf(onPostgres)('S-3: a file that is shorter than announced removes nobody', async () => {
    await company.link({ taro: 'taro@contoso.example', hanako: 'hanako@contoso.example' });
    const file = linkFile(['taro', 'taro@contoso.example'], ['hanako', 'hanako@contoso.example']);
    const { id } = await sendFile(company.admin, file);
    const release = await hold(`SELECT 1 FROM "CsvImport" WHERE id = ${id} FOR UPDATE`);
    const params = { id: String(id) };
    const begun = company.admin.call('POST /api/admin/csv-imports/:id/read', { params, body: replacing });
    await untilWaiting();
    const short = linkFile(['taro', 'taro@contoso.example']).length;
    await release(`UPDATE "CsvImportPart" SET bytes = substring(bytes FOR ${short}) WHERE "importId" = ${id}`);
    await begun;
    expect(await settled(company.admin, id)).toMatchObject({ state: 'failed', counts: null, ...interrupted });
  });

  test.runIf(onPostgres)(
    'S-3: a reader that stood still until its lease was over writes no row beside those of the next reading',
    async () => {
      const { db } = company.argus.services;
      const { id } = await sendFile(
        company.admin,
        [linkHeader, `${usernameOf('taro')},taro@contoso.example`].join('\n'),
      );
      const hanging = await hangOnWrite(company.argus.database, 'CsvImportRow');
      const params = { id: String(id) };
      await company.admin.call('POST /api/admin/csv-imports/:id/read', { params, body: replacing });
      await untilHanging(company.argus.database);
      // As another process does: it declares this one dead, and reads the file again. Its plan is complete.
      await db.csvImport.update({
        where: { id },
        data: { state: 'ready', planVersion: { increment: 1 }, leaseUntil: null },
      });
      await hanging();
      await db.csvImportRow.create({
        data: { importId: id, kind: 'unchanged', seq: 9, username: 'of the next reading' },
      });
      // The reader finds out, and would delete what it has planned.
      await sleep(1_000);
      expect(await db.csvImportRow.findMany({ select: { username: true } })).toEqual([
        { username: 'of the next reading' },
      ]);
    },
  );
});

test('S-3: what a failed reading has planned is deleted only while nobody has begun to read the file again', async () => {
  const { db } = company.argus.services;
  const found = await upload(company.admin, linkFile(['taro', 'taro@contoso.example']));
  const { id, planVersion } = found;
  const failed = { id, planVersion };
  await db.csvImport.update({ where: { id }, data: { state: 'reading', planVersion: { increment: 1 } } });
  await deleteFailedPlan(db, failed);
  expect(await db.csvImportRow.count()).toBe(1);
  await db.csvImport.update({ where: { id }, data: { state: 'refused', planVersion } });
  await deleteFailedPlan(db, failed);
  expect(await db.csvImportRow.count()).toBe(0);
});
