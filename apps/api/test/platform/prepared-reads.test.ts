import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedBy, type PreparedRead } from '../../src/platform/database/prepared-reads.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';
import { statementsOf } from '../support/count-statements.ts';

const keys: PreparedRead = {
  name: 'test_keys',
  text: `SELECT asked.nth::int AS nth, v.kid, v."sealedCheck" FROM ${askedBy('kid', 'nothing')} JOIN "VaultKey" AS v ON v.kid = asked.kid`,
};
const names = Array.from({ length: 250 }, (_, index) => `key${index}`);

let database: TestDatabase;
beforeAll(async () => {
  database = await buildDatabase();
  await database.prisma.vaultKey.createMany({ data: names.map((kid) => ({ kid, sealedCheck: kid })) });
});
afterAll(() => database.close());

const ask = async (kid: string) =>
  (await database.reads.ask<{ kid: string; sealedCheck: string }>(keys, [kid, ''])).map((row) => row.sealedCheck);

describe('reads by prepared statements', () => {
  it('F1: those who ask at once share a few statements, and each gets the own answer', async () => {
    const asking = [...names, 'nobody', ...names];
    let answers: string[][] = [];
    const sent = await statementsOf(async () => {
      answers = await Promise.all(asking.map(ask));
    });
    expect(answers).toEqual(asking.map((kid) => (kid === 'nobody' ? [] : [kid])));
    expect(sent.length).toBeLessThanOrEqual(6);
  });

  it('F1: nobody is answered by a statement that was sent before they asked', async () => {
    for (let value = 0; value < 20; value += 1) {
      const earlier = [ask('key0'), ask('key1'), ask('key2')];
      await database.prisma.vaultKey.update({ where: { kid: 'key0' }, data: { sealedCheck: `${value}` } });
      expect(await ask('key0')).toEqual([`${value}`]);
      await Promise.all(earlier);
    }
  });

  it('F1: a failure reaches all who asked together, and the next are answered', async () => {
    const broken: PreparedRead = {
      name: 'test_broken',
      text: `SELECT 1 / (asked.nth - 1) AS nth FROM ${askedBy('a')}`,
    };
    const asking = Array.from({ length: 10 }, () => database.reads.ask(broken, ['']));
    expect((await Promise.allSettled(asking)).map(({ status }) => status)).toEqual(asking.map(() => 'rejected'));
    expect(await ask('key1')).toEqual(['key1']);
  });

  it('F1: a server session that does not know the name of a statement gets its text', async () => {
    await ask('key1');
    await database.prisma.$executeRawUnsafe('DEALLOCATE ALL');
    expect(await Promise.all(names.slice(1).map(ask))).toEqual(names.slice(1).map((kid) => [kid]));
  });
});
