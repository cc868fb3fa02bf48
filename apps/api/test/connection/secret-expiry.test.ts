import { beforeEach, describe, expect, it, test } from 'vitest';
import { secretExpiry, secretWarning } from '../../src/connection/jobs/secret-expiry.ts';
import { providerOf } from '../support/build-app.ts';
import { misconfigure } from '../support/misconfigure.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const dayMs = 24 * 3600_000;

describe('by the UTC date of the clock', () => {
  const expiresOn = new Date('2027-05-20T00:00:00Z');
  test.each([
    ['2027-03-20T23:59:59.999Z', null],
    ['2027-03-21T00:00:00Z', { threshold: 60, days: 60 }],
    ['2027-04-19T23:59:59Z', { threshold: 60, days: 31 }],
    ['2027-04-20T00:00:00Z', { threshold: 30, days: 30 }],
    ['2027-05-06T12:00:00Z', { threshold: 14, days: 14 }],
    ['2027-05-12T12:00:00Z', { threshold: 14, days: 8 }],
    ['2027-05-13T00:00:00Z', { threshold: 7, days: 7 }],
    ['2027-05-18T12:00:00Z', { threshold: 7, days: 2 }],
    ['2027-05-19T12:00:00Z', { threshold: 1, days: 1 }],
    ['2027-05-20T23:59:59.999Z', { threshold: 1, days: 0 }],
    ['2027-05-21T00:00:00Z', { threshold: 0, days: -1 }],
    ['2028-02-29T00:00:00Z', { threshold: 0, days: -285 }],
    // Midnight in Tokyo is still the day before.
    ['2027-05-21T00:00:00+09:00', { threshold: 1, days: 0 }],
  ])('at %s a secret that expires on 2027-05-20 is %j', (now, warning) => {
    expect(secretWarning(expiresOn, new Date(now))).toEqual(warning);
  });
});

describe('the job', () => {
  stageConnected();

  const dateIn = (days: number) => new Date(argus.services.now().getTime() + days * dayMs).toISOString().slice(0, 10);
  const setDate = (consumerSecretExpiresOn: string | null, more: Record<string, unknown> = {}) =>
    misconfigure(argus, admin).provider({ consumerSecretExpiresOn, ...more });
  /** Runs the job twice on a later day, as it runs every hour, and returns the reported codes. */
  const told = async (laterDays = 0) => {
    await argus.services.db.errorEvent.deleteMany({});
    await runJob(argus, secretExpiry, { laterMs: laterDays * dayMs });
    await runJob(argus, secretExpiry, { laterMs: laterDays * dayMs });
    return (await argus.services.db.errorEvent.findMany()).map(({ code }) => code);
  };
  beforeEach(async () => {
    await setDate(null);
    await argus.services.db.errorEvent.deleteMany({});
  });

  it('warns once per threshold, and once after the expiry', async () => {
    await setDate(dateIn(61));
    const days: string[][] = [];
    for (let day = 61; day >= -3; day -= 1) {
      const codes = await told(61 - day);
      if (codes.length > 0) days.push([String(day), ...codes]);
    }
    const expiring = 'provider_secret_expiring';
    expect(days).toEqual([
      ['60', expiring],
      ['30', expiring],
      ['14', expiring],
      ['7', expiring],
      ['1', expiring],
      ['-1', 'provider_secret_expired'],
    ]);
  });

  it('names provider, date and days, and is in the error log without a user', async () => {
    await setDate(dateIn(10));
    const runId = await runJob(argus, secretExpiry);
    const { items } = await admin.call('GET /api/admin/error-events');
    expect(items).toMatchObject([{ code: 'provider_secret_expiring', username: null, requestId: runId }]);
    const text = items[0]?.problem.lines.join() ?? '';
    for (const part of ['Microsoft365', dateIn(10), '10']) expect(text).toContain(part);
    expect(text).not.toContain('{');
  });

  it('warns only about the nearest threshold if Argus was off in between', async () => {
    await setDate(dateIn(40));
    expect(await told()).toEqual(['provider_secret_expiring']);
    expect(await told(35)).toEqual(['provider_secret_expiring']);
    expect(await told(37)).toEqual([]);
    expect(await told(67)).toEqual(['provider_secret_expired']);
  });

  it('warns again for another date or secret, but not for another name', async () => {
    await setDate(dateIn(20));
    expect(await told()).toEqual(['provider_secret_expiring']);
    await setDate(dateIn(20), { name: 'Another name', consumerSecret: undefined });
    expect(await told()).toEqual([]);
    await setDate(dateIn(21), { consumerSecret: undefined });
    expect(await told()).toEqual(['provider_secret_expiring']);
    await setDate(dateIn(21), { consumerSecret: providerOf(argus.fake).consumerSecret });
    expect(await told()).toEqual(['provider_secret_expiring']);
  });

  it('ignores a secret without a date, and does not change the provider', async () => {
    expect(await told()).toEqual([]);
    await setDate(dateIn(5));
    const read = async () => (await admin.call('GET /api/admin/auth-providers')).items[0];
    const before = await read();
    expect(await told()).toEqual(['provider_secret_expiring']);
    expect(await read()).toEqual(before);
  });
});
