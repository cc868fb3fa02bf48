import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { PgBoss } from 'pg-boss';
import { describe, expect, it } from 'vitest';
import { saveErrorEvent } from '../../src/error-log/records/error-events.ts';
import { inTransaction } from '../../src/platform/database/db.ts';
import { jobs } from '../../src/platform/jobs/jobs.ts';
import type { Scheduled } from '../../src/platform/jobs/start-scheduler.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { Services } from '../../src/platform/services.ts';
import { createSurroundings } from '../../src/platform/surroundings.ts';
import { retention } from '../../src/upkeep/retention.ts';
import { buildArgus } from '../support/build-app.ts';
import { runJob } from '../support/run-job.ts';
import { atOnce, pace, plays, rarely, sideBySide, until } from '../support/stage-jobs.ts';

it(
  'a run that fails is reported, counted as failed and tried again',
  plays(async ({ database }) => {
    const metrics = createMetrics();
    const reported: unknown[] = [];
    const app = Fastify();
    await app.register(jobs, {
      ...({ metrics, surroundings: createSurroundings(false) } as Services),
      jobs: [{ name: 'broken', cron: atOnce, run: () => Promise.reject(new Error('holds a secret')) }],
      database: database.jobs,
      pace,
      onFault: async (run, name, error) => void reported.push([name, error.code, typeof run.runId]),
    });
    await app.listen({ port: 0 });
    try {
      await until(() => reported.length > 0);
      expect(reported[0]).toEqual(['broken', 'internal_error', 'string']);
      const states = async () =>
        (await database.jobs.executeSql("SELECT state::text FROM pgboss.job WHERE name = 'broken'")).rows;
      await until(async () => ((await states()) as { state: string }[]).some(({ state }) => state === 'retry'));
      const text = await metrics.registry.metrics();
      expect(text).toMatch(/^argus_job_duration_seconds_count\{job="broken",outcome="failed"\} \d/m);
      expect(text).not.toContain('outcome="ok"');
    } finally {
      await app.close();
    }
  }),
);

describe('the scheduler', sideBySide, () => {
  it(
    'runs what is due, one run at a time, however many instances there are',
    plays(async ({ database, start, cuttable }) => {
      let running = 0;
      let most = 0;
      let runs = 0;
      const job: Scheduled = {
        name: 'counted',
        cron: atOnce,
        async run() {
          runs += 1;
          most = Math.max(most, ++running);
          await inTransaction(database.prisma, (tx) => tx.account.count());
          await sleep(2_500);
          running -= 1;
        },
      };
      const metrics = createMetrics();
      start([job], database.jobs, metrics);
      start([job], cuttable(), metrics);
      await until(() => running === 1);
      // As if the next one were already due.
      const queue = new PgBoss({
        db: database.jobs,
        backend: database.jobs.backend,
        supervise: false,
        schedule: false,
      });
      await queue.start();
      expect(await queue.send('counted', {})).toBeNull();
      await queue.stop();
      await sleep(4_000);
      expect(most).toBe(1);
      // One slot of the schedule is a minute.
      expect(runs).toBeLessThanOrEqual(2);
      const text = await metrics.registry.metrics();
      expect(text).toMatch(/^argus_job_duration_seconds_count\{job="counted",outcome="ok"\} [12]$/m);
      expect(text).toMatch(/^argus_job_wait_seconds_count\{job="counted"\} [12]$/m);
      expect(text).toMatch(/^argus_job_last_success_timestamp_seconds\{job="counted"\} \d/m);
    }),
  );

  it(
    'retries a failed run, reports the reason only to the log, and lets the others run',
    plays(async ({ database, logged, start }) => {
      let tries = 0;
      let others = 0;
      const failing: Scheduled = {
        name: 'failing',
        cron: atOnce,
        async run() {
          tries += 1;
          if (tries < 3) throw new Error('holds a secret');
        },
      };
      const other: Scheduled = {
        name: 'other',
        cron: atOnce,
        async run() {
          others += 1;
        },
      };
      start([failing, other]);
      await until(() => tries >= 1);
      const kept: string[] = [];
      await until(async () => {
        const { rows } = await database.jobs.executeSql("SELECT output::text FROM pgboss.job WHERE name = 'failing'");
        kept.push(JSON.stringify(rows));
        return tries >= 3 && others > 0;
      }, 30_000);
      expect(kept.some((text) => text.includes('the log says why'))).toBe(true);
      expect(kept.join()).not.toContain('holds a secret');
      const failures = logged.filter(({ level }) => level === 'error');
      expect(failures.slice(0, 2)).toMatchObject([
        { fields: { job: 'failing', attempt: 1, reqId: expect.any(String), err: { message: 'holds a secret' } } },
        { fields: { job: 'failing', attempt: 2 } },
      ]);
    }),
  );

  it(
    'starts once the database answers, and continues after an outage',
    plays(async ({ database, logged, start, cuttable }) => {
      const instance = cuttable();
      instance.cut = true;
      let tries = 0;
      const job: Scheduled = {
        name: 'patient',
        cron: atOnce,
        async run() {
          tries += 1;
          if (tries === 1) throw new Error('to be tried again');
        },
      };
      start([job], instance);
      const warnings = () => logged.filter(({ level }) => level === 'warn').length;
      await until(() => warnings() > 0);
      await sleep(1_000);
      expect(warnings()).toBe(1);
      instance.cut = false;
      const waiting = async () =>
        (await database.jobs.executeSql("SELECT 1 FROM pgboss.job WHERE state = 'retry'")).rows.length === 1;
      await until(() => tries === 1);
      await until(waiting);
      instance.cut = true;
      await sleep(3_000);
      expect(tries).toBe(1);
      instance.cut = false;
      await until(() => tries === 2);
    }),
  );

  it(
    'stops within seconds, signals that to the run, and another instance resumes the interrupted run',
    plays(async ({ start }) => {
      let abortedAt = Number.POSITIVE_INFINITY;
      let taken = false;
      const hanging: Scheduled = {
        name: 'handed-over',
        cron: atOnce,
        async run({ signal }) {
          started = true;
          signal.addEventListener('abort', () => {
            abortedAt = performance.now();
          });
          await sleep(60_000, undefined, { ref: false });
        },
      };
      let started = false;
      const scheduler = start([hanging]);
      await until(() => started);
      const since = performance.now();
      await scheduler.stop();
      expect(performance.now() - since).toBeLessThan(5_000);
      // Immediately, not when its time is up.
      expect(abortedAt - since).toBeLessThan(1_000);
      start([
        {
          ...hanging,
          async run() {
            taken = true;
          },
        },
      ]);
      await until(() => taken);
    }),
  );

  it(
    'takes over the run of an instance that died',
    plays(async ({ start, cuttable }) => {
      const gone = cuttable();
      let started = false;
      let taken = false;
      const job: Scheduled = {
        name: 'orphaned',
        cron: atOnce,
        async run() {
          started = true;
          await sleep(60_000, undefined, { ref: false });
        },
      };
      start([job], gone);
      await until(() => started);
      gone.cut = true;
      start([
        {
          ...job,
          async run() {
            taken = true;
          },
        },
      ]);
      await until(() => taken, 40_000);
    }),
    60_000,
  );

  it(
    'removes jobs that no longer exist',
    plays(async ({ database, start }) => {
      const job = (name: string): Scheduled => ({ name, cron: rarely, run: async () => {} });
      const names = async () => {
        const { rows } = await database.jobs.executeSql('SELECT name FROM pgboss.schedule ORDER BY name').catch(() => ({
          rows: [],
        }));
        return (rows as { name: string }[]).map(({ name }) => name);
      };
      const before = start([job('old'), job('kept')]);
      await until(async () => (await names()).length === 2);
      await before.stop();
      start([job('kept'), job('new')]);
      await until(async () => (await names()).join() === 'kept,new');
    }),
  );
});

describe('retention', () => {
  it('deletes errors that are older than 基本設定 says, and old runs of 接続診断, and no entry of the audit log', async () => {
    const argus = await buildArgus();
    try {
      const admin = await argus.connect({ settings: { errorRetentionDays: 30 } });
      const { db, now } = argus.services;
      const daysAgo = (days: number) => new Date(now().getTime() - days * 24 * 3600_000);
      for (const [id, days] of [
        ['AAAA-0001', 31],
        ['AAAA-0002', 29],
      ] as const) {
        const event = { code: 'mail_rejected', accountId: null, username: null, stage: 'mail', params: {} } as const;
        await saveErrorEvent(db, { ...event, id, requestId: 'r', occurredAt: daysAgo(days) });
        const run = { startedBy: 'admin@argus.example', steps: [], leaseUntil: daysAgo(days) };
        await db.doctorRun.create({ data: { ...run, startedAt: daysAgo(days), endedAt: daysAgo(days) } });
      }
      // What refers to an error that is deleted no longer names it; a failure is not logged once more.
      await db.doctorRun.updateMany({ where: { startedAt: { gt: daysAgo(30) } }, data: { errorId: 'AAAA-0001' } });
      const refusal = (errorId: string) => ({ code: 'internal_error', errorId });
      const file = { table: 'users', state: 'failed', fileName: 'x.csv', fileBytes: 1, actorUsername: 'x' } as const;
      const ids = ['AAAA-0001', 'AAAA-0002'];
      await db.csvImport.createMany({ data: ids.map((errorId) => ({ ...file, refusal: refusal(errorId) })) });
      await db.auditEvent.updateMany({ data: { occurredAt: daysAgo(4000) } });
      const audited = await db.auditEvent.count();
      await runJob(argus, retention);
      const { items } = await admin.call('GET /api/admin/error-events');
      expect(items.map(({ errorId }) => errorId)).toEqual(['AAAA-0002']);
      expect((await db.doctorRun.findFirstOrThrow()).errorId).toBe('?');
      const imports = await db.csvImport.findMany({ orderBy: { id: 'asc' } });
      expect(imports.map((each) => each.refusal)).toEqual([{ code: 'internal_error' }, refusal('AAAA-0002')]);
      expect(
        (await db.doctorRun.findMany()).map(({ startedAt }) => startedAt.getTime() > daysAgo(30).getTime()),
      ).toEqual([true]);
      expect(await db.auditEvent.count()).toBe(audited);
    } finally {
      await argus.close();
    }
  });
});
