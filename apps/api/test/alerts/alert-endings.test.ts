import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendAlerts } from '../../src/alerts/send-alerts.ts';
import { providerOf } from '../support/build-app.ts';
import { calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { expire, settled } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';

stageLinkedTaro();

let hook: Awaited<ReturnType<typeof startWebhookReceiver>>;
const db = () => argus.services.db;
const run = (laterMs = 0) => runJob(argus, sendAlerts, { laterMs });
const dayMs = 86_400_000;
const dateIn = (days: number) => new Date(argus.services.now().getTime() + days * dayMs).toISOString().slice(0, 10);
/** Fetches anew: the last list is no longer fresh. */
const load = () => {
  argus.advance(20_000);
  return user.send('GET', '/api/new-arrivals?refresh=true');
};

type AlertKind = 'stopped' | 'secret' | 'errors';

const form = (kind: AlertKind) => ({
  name: '情シス',
  format: 'json' as const,
  url: `${hook.url}/hook`,
  recipients: '',
  kinds: [kind],
  leastUsers: 1,
  language: 'ja' as const,
  active: true,
});
const create = (kind: AlertKind) => admin.call('POST /api/admin/alert-channels', { body: form(kind) });
/** What each message said of its conditions: `began` or `ended`. */
const told = () =>
  hook.received.map(({ body }) => (body as { alerts: { event: string }[] }).alerts.map(({ event }) => event));

beforeAll(async () => {
  hook = await startWebhookReceiver();
  await admin.call('POST /api/admin/remote-sites', {
    body: { name: 'hook', url: hook.url, disableProtocolSecurity: true, active: true, description: '' },
  });
  await user.authorize(taroUpn);
  await load();
});
afterAll(() => hook.close());
beforeEach(async () => {
  calmMicrosoft();
  await db().alertChannel.deleteMany();
  hook.received.length = 0;
  await admin.proveSelf();
});

describe('alert-23: an end is told only where something proves it', () => {
  it('alert-23: tokens that were asked for with the former secret do not prove the next one', async () => {
    await create('secret');
    await change.provider({ consumerSecretExpiresOn: dateIn(3) });
    await run();
    expect(told()).toEqual([['began']]);
    argus.advance(1_000);
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_500, times: 1 });
    const loading = load();
    await untilCalled(argus, '/token');
    await change.provider({ consumerSecretExpiresOn: dateIn(200), consumerSecret: 'not the right one' });
    expect((await loading).status).toBe(200);
    await settled();
    await run();
    expect(told()).toEqual([['began']]);
    await change.provider({ consumerSecretExpiresOn: dateIn(200) });
    argus.advance(2 * 3600_000);
    await admin.proveSelf();
    expect((await load()).status).toBe(200);
    await run();
    expect(told()).toEqual([['began'], ['ended']]);
    await change.provider({ consumerSecretExpiresOn: null });
  });

  it('alert-23: a user who gave up longer ago than the board looks back has not recovered', async () => {
    await create('errors');
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 403, times: 1 });
    await load();
    const cause = await db().errorCause.findFirstOrThrow({ where: { code: 'mail_access_denied' } });
    const jiro = await argus.addAccount('jiro@argus.example');
    const earlier = new Date(argus.services.now().getTime() - 8 * dayMs);
    await db().errorCause.update({ where: { id: cause.id }, data: { sinceAt: earlier, firstAt: earlier } });
    const met = { firstAt: earlier, lastAt: earlier, events: 1, accountId: jiro, username: 'jiro@argus.example' };
    await db().errorCauseUser.create({ data: { ...met, causeId: cause.id, usernameKey: jiro } });
    await run();
    expect(told()).toEqual([['began']]);
    expect((await load()).status).toBe(200);
    await run();
    expect(told()).toEqual([['began']]);
    // Nor does it prove anything that this user was forgotten with the error log.
    await db().errorCauseUser.deleteMany({ where: { accountId: jiro } });
    await change.settings({ errorRetentionDays: 1 });
    await run();
    expect(told()).toEqual([['began']]);
    await change.settings({ errorRetentionDays: 30 });
    await run();
    expect(told()).toEqual([['began'], ['ended']]);
  });
});

describe('alert-24: users without mail', () => {
  // Somebody has mail: otherwise everybody is told to be without it.
  beforeAll(async () => {
    await db().errorCauseUser.deleteMany({});
    await db().errorCause.deleteMany({});
    const { id: _, ...taro } = await db().grant.findFirstOrThrow();
    const accountId = await argus.addAccount('served@argus.example');
    const microsoftAccount = 'served@contoso.example';
    await admin.proveSelf();
    await admin.call('POST /api/admin/account-links', { body: { username: 'served@argus.example', microsoftAccount } });
    const lastSuccessAt = new Date(argus.services.now().getTime() + dayMs);
    await db().grant.create({ data: { ...taro, accountId, microsoftAccount, lastSuccessAt } });
  });
  const ofTaro = () => db().grant.findFirstOrThrow({ where: { microsoftAccount: taroUpn } });

  it('alert-24: who lost the authorization, the link or the account has not got mail again', async () => {
    await create('errors');
    const { id, ...before } = await ofTaro();
    const longAgo = new Date(argus.services.now().getTime() - 4 * dayMs);
    await db().grant.update({
      where: { id },
      data: { lastSuccessAt: longAgo, lastErrorAt: argus.services.now(), lastErrorCode: 'mail_timeout' },
    });
    await run();
    expect(told()).toEqual([['began']]);
    await db().grant.update({ where: { id }, data: { status: 'reconnect_needed' } });
    await run();
    await db().grant.delete({ where: { id } });
    await run();
    expect(told()).toEqual([['began']]);
    const served = new Date(argus.services.now().getTime() + 1_000);
    await db().grant.create({ data: { ...before, id, lastSuccessAt: served, lastErrorAt: null, lastErrorCode: null } });
    await run();
    expect(told()).toEqual([['began'], ['ended']]);
  });

  it('alert-24: who joined later counts for its end', async () => {
    await create('errors');
    const grant = await ofTaro();
    const longAgo = new Date(argus.services.now().getTime() - 4 * dayMs);
    const silent = { lastSuccessAt: longAgo, lastErrorAt: argus.services.now(), lastErrorCode: 'mail_timeout' };
    await db().grant.update({ where: { id: grant.id }, data: silent });
    await run();
    const other = await argus.addAccount('later@argus.example');
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'later@argus.example', microsoftAccount: 'later@contoso.example' },
    });
    const { id: _, accountId: __, ...copied } = grant;
    await db().grant.create({
      data: { ...copied, ...silent, accountId: other, microsoftAccount: 'later@contoso.example' },
    });
    await run();
    await db().grant.updateMany({ where: { accountId: other }, data: { status: 'reconnect_needed' } });
    expect((await load()).status).toBe(200);
    await run();
    expect(told()).toEqual([['began']]);
    const now = new Date(argus.services.now().getTime() + 1_000);
    await db().grant.updateMany({ where: { accountId: other }, data: { lastSuccessAt: now } });
    await run();
    expect(told()).toEqual([['began'], ['ended']]);
  });
});

describe('alert-20: a destination that is changed', () => {
  it('alert-20: another place is told what the former was told', async () => {
    const { id, version } = await create('stopped');
    await change.site('graph', false);
    await run();
    const moved = { ...form('stopped'), url: `${hook.url}/another` };
    await admin.call('PUT /api/admin/alert-channels/:id', { params: { id }, body: { ...moved, version } });
    await run();
    expect(hook.received.map(({ path }) => path)).toEqual(['/hook', '/another']);
    expect(told()).toEqual([['began'], ['began']]);
    await change.site('graph', true);
  });
});

describe('alert-25: a test of a destination', () => {
  it('alert-25: tells nothing of the destination that took its place meanwhile', async () => {
    const { id, version } = await create('errors');
    hook.whileNext(async () => {
      const moved = { ...form('errors'), url: `${hook.url}/another`, version };
      await admin.call('PUT /api/admin/alert-channels/:id', { params: { id }, body: moved });
    });
    const problem = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(problem).toMatchObject({ code: 'record_changed' });
    expect(hook.received.map(({ path }) => path)).toEqual(['/hook']);
    const [channel] = (await admin.call('GET /api/admin/alert-channels')).items;
    expect(channel).toMatchObject({ lastSentAt: null });
  });
});

describe('S-2: what a session alone cannot keep administrators from hearing', () => {
  const needed = { code: 'reauthentication_needed' };

  it('S-2: the site of an alert is neither switched off, moved nor deleted, and an alert that waited for it is sent', async () => {
    await create('errors');
    const taken = argus.browser();
    await taken.signIn('admin@argus.example');
    const site = (await admin.call('GET /api/admin/remote-sites')).items.find(({ name }) => name === 'hook');
    const params = { id: site?.id ?? '' };
    const body = { name: 'hook', url: hook.url, disableProtocolSecurity: true, active: true, description: 'x' };
    const { version } = await taken.call('PUT /api/admin/remote-sites/:id', {
      params,
      body: { ...body, version: site?.version ?? 0 },
    });
    for (const less of [{ active: false }, { url: 'http://localhost:1' }]) {
      const sent = { params, body: { ...body, ...less, version } };
      expect(await taken.fails('PUT /api/admin/remote-sites/:id', sent)).toMatchObject(needed);
    }
    expect(await taken.fails('DELETE /api/admin/remote-sites/:id', { params })).toMatchObject(needed);
    // Taking away the addresses that it may be called at is as good.
    const allowed = { name: 'internal', url: 'https://10.9.8.7', allowedAddressRanges: '10.9.8.0/24' };
    const own = { disableProtocolSecurity: false, active: true, description: '' };
    const internal = await admin.call('POST /api/admin/remote-sites', { body: { ...allowed, ...own } });
    await admin.call('POST /api/admin/alert-channels', {
      body: { ...form('errors'), name: 'internal', url: 'https://10.9.8.7/hook' },
    });
    const closed = { ...allowed, ...own, allowedAddressRanges: '', version: internal.version };
    const inside = { params: { id: internal.id }, body: closed };
    expect(await taken.fails('PUT /api/admin/remote-sites/:id', inside)).toMatchObject(needed);
    await db().alertChannel.deleteMany({ where: { name: 'internal' } });
    await db().alertChannel.updateMany({ data: { retryAt: new Date(argus.services.now().getTime() + 3600_000) } });
    await change.site('hook', false);
    await change.site('hook', true);
    expect((await db().alertChannel.findFirstOrThrow()).retryAt).toBeNull();
  });

  it('S-2: nor are they told of less: by hours, days, or the date of a secret', async () => {
    const taken = argus.browser();
    await taken.signIn('admin@argus.example');
    await change.provider({ consumerSecretExpiresOn: dateIn(10) });
    const { coverage: _, warnings: __, updatedAt: ___, ...settings } = await admin.call('GET /api/admin/settings');
    for (const less of [
      { noSuccessHours: 0 },
      { noSuccessHours: settings.noSuccessHours + 1 },
      { errorRetentionDays: settings.errorRetentionDays - 1 },
    ]) {
      expect(await taken.fails('PUT /api/admin/settings', { body: { ...settings, ...less } })).toMatchObject(needed);
    }
    const more = { noSuccessHours: settings.noSuccessHours - 1, errorRetentionDays: settings.errorRetentionDays + 1 };
    await taken.call('PUT /api/admin/settings', { body: { ...settings, ...more } });
    const provider = (await admin.call('GET /api/admin/auth-providers')).items.find(({ inUse }) => inUse);
    if (!provider) throw new Error('no provider');
    const { consumerSecret: ____, ...formWithoutSecret } = providerOf(argus.fake);
    const dated = (consumerSecretExpiresOn: string | null) => ({
      params: { id: provider.id },
      body: { ...formWithoutSecret, consumerSecretExpiresOn, version: provider.version },
    });
    for (const later of [dateIn(11), null]) {
      expect(await taken.fails('PUT /api/admin/auth-providers/:id', dated(later))).toMatchObject(needed);
    }
    await taken.call('PUT /api/admin/auth-providers/:id', dated(dateIn(9)));
  });
});
