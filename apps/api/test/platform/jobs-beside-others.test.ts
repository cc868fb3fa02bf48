import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/platform/database/db.ts';
import type { Scheduled } from '../../src/platform/jobs/start-scheduler.ts';
import { atOnce, plays, sideBySide, until } from '../support/stage-jobs.ts';

// PGlite has one connection for jobs and everything else.
describe('jobs beside other work on the database', sideBySide, () => {
  it(
    'do not disturb transactions that are open at the same time',
    plays(async ({ database, logged, start }) => {
      let ran = false;
      const job: Scheduled = {
        name: 'beside',
        cron: atOnce,
        async run() {
          await inTransaction(database.prisma, (tx) => tx.account.count());
          ran = true;
        },
      };
      start([job]);
      for (let i = 0; i < 30 && !ran; i += 1) {
        await inTransaction(database.prisma, async (tx) => {
          await tx.account.count();
          await sleep(300);
          await tx.account.count();
        });
      }
      await until(() => ran);
      expect(logged.filter(({ level }) => level !== 'info')).toEqual([]);
    }),
  );

  it(
    'a text of several statements that fails midway leaves no transaction open for others',
    plays(async ({ database }) => {
      const broken = database.jobs.executeSql('BEGIN; SELECT 1; SELECT * FROM nowhere; COMMIT;');
      const others = Array.from({ length: 5 }, () => inTransaction(database.prisma, (tx) => tx.account.count()));
      await expect(broken).rejects.toThrow(/nowhere/);
      expect(await Promise.all(others)).toEqual([0, 0, 0, 0, 0]);
      const several = await database.jobs.executeSql('BEGIN; SELECT 1 AS n; COMMIT;');
      expect(JSON.stringify(several)).toContain('"n":1');
    }),
  );
});
