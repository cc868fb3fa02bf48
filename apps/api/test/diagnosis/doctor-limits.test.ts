import { setTimeout as sleep } from 'node:timers/promises';
import type { DoctorRunView } from '@argus/contract/endpoints/diagnosis';
import { demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, providerOf } from '../support/build-app.ts';
import { authorizeAnew, calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { username } from '../support/linked-taro.ts';
import { endOf, runDoctor, stepOf, stepsThat } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';
import { untilCalled } from '../support/wait-for.ts';

const totalTimeoutSeconds = 3;
const limits = { connectTimeoutSeconds: 1, totalTimeoutSeconds };

stageLinkedTaro();
beforeEach(async () => {
  await change.settings(limits);
  await authorizeAnew();
});
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const start = (browser: Browser, name: string | null) =>
  browser.call('POST /api/admin/doctor-runs', { body: { username: name } });
/** The same at another instance, which treats the browser as its own site's. */
async function startAt(url: string, name: string | null): Promise<DoctorRunView> {
  const { body } = await admin.send('POST', `${url}/api/admin/doctor-runs`, { body: { username: name } });
  return body as DoctorRunView;
}
const durationMs = ({ startedAt, endedAt }: DoctorRunView) => Date.parse(endedAt ?? '') - Date.parse(startedAt);

/** Answers the delayed first call of the token endpoint: the run was working until now. */
async function answerFirstCall(): Promise<void> {
  await untilCalled(argus, '/token');
  argus.fake.control.answerNow();
}

describe('a run ends within the configured timeout', () => {
  it.each([
    ['token', 'hangBeforeHeaders', 'token_endpoint'],
    ['token', 'hangInBody', 'token_endpoint'],
    ['me', 'hangBeforeHeaders', 'identity'],
    ['messages', 'hangInBody', 'messages'],
  ] as const)('%s: %s', async (target, kind, step) => {
    argus.fake.control.addFault({ target, kind });
    const run = await runDoctor(admin, username);
    expect(durationMs(run)).toBeLessThanOrEqual((totalTimeoutSeconds + 1) * 1000);
    expect(run.firstFailure).toBe(step);
    expect(stepOf(run, step).problem?.code).toBe('mail_timeout');
    expect(stepsThat(run, 'failed')).toEqual([step]);
    expect([...stepsThat(run, 'waiting'), ...stepsThat(run, 'running')]).toEqual([]);
  });

  it.each(['token', 'mail'] as const)('a TLS handshake that hangs at the %s host', async (side) => {
    const silent = (await argus.fake.control.openSilentPort()).replace('http:', 'https:');
    const site = { disableProtocolSecurity: false, active: true, description: '' };
    await admin.call('POST /api/admin/remote-sites', { body: { name: silent, url: silent, ...site } });
    if (side === 'mail') {
      await change.settings({ ...limits, mailUrl: `${silent}/v1.0/me/mailFolders/inbox/messages` });
    } else await change.provider({ tokenEndpointUrl: `${silent}/${demoTenant.id}/oauth2/v2.0/token` });
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe(`${side}_tls`);
    expect(stepOf(run, `${side}_tls`).problem?.admin?.upstream).toMatchObject({ networkCode: 'connect_timeout' });
    expect(durationMs(run)).toBeLessThanOrEqual((totalTimeoutSeconds + 1) * 1000);
    // The other side was diagnosed meanwhile.
    expect(stepOf(run, side === 'mail' ? 'client_secret' : 'mail_dns').state).toBe('ok');
  });

  it('once the time is used up, steps that have not begun are reported as not reached', async () => {
    argus.fake.control.addFault({ target: 'folder', kind: 'hangBeforeHeaders' });
    const run = await runDoctor(admin, username);
    expect(stepsThat(run, 'failed')).toEqual(['mailbox']);
    expect(stepOf(run, 'messages')).toMatchObject({ state: 'not_reached', reason: 'out_of_time' });
    expect(durationMs(run)).toBeLessThanOrEqual((totalTimeoutSeconds + 1) * 1000);
  });

  it('the budget is that of the whole run, not of each call', async () => {
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 2_000 });
    const run = await runDoctor(admin, username);
    expect(stepOf(run, 'token_endpoint').state).toBe('ok');
    expect(run.firstFailure).toBe('refresh');
    expect(stepsThat(run, 'not_reached')).toEqual(['identity', 'account_match', 'mailbox', 'messages']);
    expect(durationMs(run)).toBeLessThanOrEqual((totalTimeoutSeconds + 1) * 1000);
  });
});

describe('two concurrent runs for one user are one run', () => {
  beforeEach(() => change.settings({ totalTimeoutSeconds: 20, connectTimeoutSeconds: 5 }));

  it('in one process, and without a user', async () => {
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const runs = await Promise.all(Array.from({ length: 5 }, () => start(admin, username)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    await answerFirstCall();
    const general = await Promise.all([start(admin, null), start(admin, null)]);
    expect(new Set(general.map(({ id }) => id)).size).toBe(1);
    expect(general[0]?.id).not.toBe(runs[0]?.id);
    await endOf(admin, runs[0]?.id ?? '');
    await endOf(admin, general[0]?.id ?? '');
    expect(tokenCalls().map(({ grantType }) => grantType)).toHaveLength(3);
    const next = await runDoctor(admin, username);
    expect(next.id).not.toBe(runs[0]?.id);
  });

  it('in two processes, and the second one can read it', async () => {
    const other = await startAnotherInstance(argus);
    try {
      argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
      const [here, there] = await Promise.all([start(admin, username), startAt(other.url, username)]);
      expect(there.id).toBe(here.id);
      await answerFirstCall();
      const read = await admin.send('GET', `${other.url}/api/admin/doctor-runs/${here.id}`);
      expect(read.body).toMatchObject({ id: here.id, username });
      expect((await endOf(admin, here.id)).firstFailure).toBeNull();
      expect(tokenCalls()).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('the user’s own check joins the run of an administrator', async () => {
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const run = await start(admin, username);
    const own = await user.call('POST /api/authorization/self-checks');
    expect(own.id).toBe(run.id);
    await answerFirstCall();
    await endOf(admin, run.id);
    const { state } = await user.call('GET /api/authorization/self-checks/:id', { params: { id: own.id } });
    expect(state).toBe('ended');
  });
});

describe('a run whose process is gone', () => {
  it('counts as interrupted once its lease is over, and another one may begin', async () => {
    const account = await argus.services.db.account.findFirstOrThrow({ where: { username } });
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const { id } = await start(admin, username);
    const { activeKey } = await argus.services.db.doctorRun.findUniqueOrThrow({ where: { id } });
    await answerFirstCall();
    await endOf(admin, id);
    const at = argus.services.now();
    const dead = await argus.services.db.doctorRun.create({
      data: {
        activeKey,
        accountId: account.id,
        username,
        startedBy: 'admin@argus.example',
        steps: [{ id: 'suffix', state: 'running', latencyMs: null, reason: null, facts: [] }],
        startedAt: at,
        leaseUntil: new Date(at.getTime() + 60_000),
      },
    });
    expect((await start(admin, username)).id).toBe(dead.id);
    argus.advance(61_000);
    const shown = await admin.call('GET /api/admin/doctor-runs/:id', { params: { id: dead.id } });
    expect(shown).toMatchObject({ state: 'interrupted', endedAt: null, steps: [{ state: 'not_reached' }] });
    const next = await runDoctor(admin, username);
    expect(next.id).not.toBe(dead.id);
    expect(next).toMatchObject({ state: 'ended', firstFailure: null });
  });

  it('does not count as gone within its time: after forty of sixty seconds it is still running', async () => {
    await change.settings({ totalTimeoutSeconds: 60, connectTimeoutSeconds: 5 });
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 30_000, times: 1 });
    const { id } = await start(admin, username);
    await untilCalled(argus, '/token');
    argus.advance(40_000);
    expect((await start(admin, username)).id).toBe(id);
    expect(await admin.call('GET /api/admin/doctor-runs/:id', { params: { id } })).toMatchObject({ state: 'running' });
    argus.fake.control.answerNow();
    await endOf(admin, id);
  });

  it('a graceful stop interrupts a run at once, and stores the tokens of its refresh', async () => {
    const other = await startAnotherInstance(argus);
    await change.settings({ totalTimeoutSeconds: 60, connectTimeoutSeconds: 5 });
    argus.fake.control.setStrictRotation(true);
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 700, skip: 1 });
    const run = await startAt(other.url, username);
    while (!tokenCalls().some(({ grantType }) => grantType === 'refresh_token')) await sleep(10);
    const began = performance.now();
    await other.close();
    expect(performance.now() - began).toBeLessThan(5_000);
    const shown = await endOf(admin, run.id);
    expect(shown).toMatchObject({ state: 'interrupted' });
    expect(stepOf(shown, 'refresh').state).toBe('not_reached');
    expect(await argus.services.db.grant.findFirstOrThrow()).toMatchObject({ lastErrorCode: null });
    // Under strict rotation the old refresh token is dead: had the new one been lost, this would fail.
    argus.fake.control.clearFaults();
    await change.settings(limits);
    expect((await runDoctor(admin, username)).firstFailure).toBeNull();
  });

  it('a graceful stop does not wait for an endpoint that hangs', async () => {
    const other = await startAnotherInstance(argus);
    await change.settings({ totalTimeoutSeconds: 60, connectTimeoutSeconds: 5 });
    argus.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
    const run = await startAt(other.url, username);
    await untilCalled(argus, '/token');
    const began = performance.now();
    await other.close();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await endOf(admin, run.id)).toMatchObject({ state: 'interrupted', firstFailure: null });
  });
});

it('an unreadable sealed secret fails its step, and nothing of it is revealed', async () => {
  const provider = await argus.services.db.authProvider.findFirstOrThrow();
  const { id, version } = provider;
  await argus.services.db.authProvider.update({
    where: { id },
    data: { sealedConsumerSecret: `${provider.sealedConsumerSecret?.slice(0, -6)}AAAAAA`, version: version + 1 },
  });
  const run = await runDoctor(admin, null);
  expect(run.firstFailure).toBe('token_endpoint');
  expect(stepOf(run, 'token_endpoint').problem?.code).toBe('sealed_value_unreadable');
  expect(tokenCalls()).toHaveLength(0);
  await change.provider(providerOf(argus.fake));
});
