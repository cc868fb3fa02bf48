import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import released from '../../../../prisma/released.json' with { type: 'json' };
import { openPglite } from '../../src/platform/database/open-pglite.ts';
import { readMigrations } from '../../src/platform/database/read-migrations.ts';
import { readShape, whatOlderCodeMeets } from '../support/what-older-code-meets.ts';

type Pglite = Awaited<ReturnType<typeof openPglite>>;

let database: Pglite;
beforeAll(async () => {
  database = await openPglite();
});
beforeEach(() => database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
afterAll(() => database.close());

async function scripts(): Promise<{ name: string; sql: string }[]> {
  const { migrationDirectories } = await readMigrations();
  return migrationDirectories.map(({ path, migrationFile: { content } }) => ({
    name: path,
    sql: content.tag === 'ok' ? content.value : '',
  }));
}

/** What code of before meets in the database once this has run. */
async function metAfter(sql: string): Promise<string[]> {
  const before = await readShape(database);
  await database.exec(sql);
  return whatOlderCodeMeets(before, await readShape(database));
}

describe('ops T37: migrations are additive for one version, as the released code runs beside the new one', () => {
  it('no migration since the release breaks the released code, unless it names what and why', async () => {
    const { lastReleasedMigration } = released;
    const all = await scripts();
    expect(all.map(({ name }) => name)).toContain(lastReleasedMigration);
    const unexcused: string[] = [];
    for (const { name, sql } of all) {
      const met = await metAfter(sql);
      if (name <= lastReleasedMigration) continue;
      const excused = [...sql.matchAll(/^-- breaks older code: (.+) \(because .+\)$/gm)].map(([, what]) => what);
      unexcused.push(...met.filter((each) => !excused.includes(each)).map((each) => `${name}: ${each}`));
    }
    expect(unexcused).toEqual([]);
  });

  it('finds the column of the past that was required, and whose default was dropped in the same migration', async () => {
    for (const { name, sql } of await scripts()) {
      const met = await metAfter(sql);
      if (name.endsWith('outcomes_of_flows')) {
        expect(met).toContain('AuthorizationTicket.outcomeId is required');
        return;
      }
    }
    expect.unreachable();
  });

  it.each([
    ['a table that is dropped', 'DROP TABLE b', ['b is gone']],
    ['a table that is renamed', 'ALTER TABLE b RENAME TO d', ['b is gone']],
    ['a column that is dropped', 'ALTER TABLE a DROP COLUMN note', ['a.note is gone']],
    ['a column that is renamed', 'ALTER TABLE a RENAME COLUMN note TO text', ['a.note is gone']],
    ['a column of another type', 'ALTER TABLE a ALTER COLUMN n TYPE bigint', ['a.n is bigint']],
    ['a column that becomes required', 'ALTER TABLE a ALTER COLUMN note SET NOT NULL', ['a.note is required']],
    ['a column that may become null', 'ALTER TABLE a ALTER COLUMN n DROP NOT NULL', ['a.n may be null']],
    ['a default that is dropped', 'ALTER TABLE a ALTER COLUMN n DROP DEFAULT', ['a.n has no default']],
    ['a new required column', 'ALTER TABLE a ADD COLUMN x int NOT NULL', ['a.x is required']],
    [
      'a new unique index',
      'CREATE UNIQUE INDEX u ON a (note)',
      ['a: CREATE UNIQUE INDEX u ON public.a USING btree (note) is a new rule'],
    ],
    ['a new check', 'ALTER TABLE a ADD CHECK (n > 0)', ['a: CHECK ((n > 0)) is a new rule']],
    ['a new value of an enum', `ALTER TYPE kind ADD VALUE 'z'`, ['kind.z is a new value']],
    ['a statement that no pattern reads', `DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'b'; END $$`, ['b is gone']],
    [
      'what is additive',
      `ALTER TABLE a ADD COLUMN x int UNIQUE, ADD COLUMN y int NOT NULL DEFAULT 1; CREATE INDEX i ON a (n);
       CREATE TABLE d (id int PRIMARY KEY, x int NOT NULL UNIQUE); CREATE TYPE more AS ENUM ('p')`,
      [],
    ],
  ])('tells %s', async (_, sql, expected) => {
    await database.exec(
      `CREATE TYPE kind AS ENUM ('y'); CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, note text, k kind);
       CREATE TABLE b (id int PRIMARY KEY)`,
    );
    expect(await metAfter(sql)).toEqual(expected);
  });
});
