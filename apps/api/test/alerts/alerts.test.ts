import type { BodyOf } from '@argus/contract/endpoint-map';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendAlerts } from '../../src/alerts/send-alerts.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';

const smtpPort = 20_000 + (process.pid % 20_000);
stageLinkedTaro({
  config: {
    mail: { server: { host: '127.0.0.1', port: smtpPort, encryption: 'none' }, from: 'argus@contoso.example' },
  },
});

let hook: Awaited<ReturnType<typeof startWebhookReceiver>>;
const db = () => argus.services.db;
const run = (laterMs = 0) => runJob(argus, sendAlerts, { laterMs });
const minute = 60_000;

beforeAll(async () => {
  hook = await startWebhookReceiver();
  await admin.call('POST /api/admin/remote-sites', {
    body: { name: 'hook', url: hook.url, disableProtocolSecurity: true, active: true, description: '' },
  });
  await user.authorize(taroUpn);
  await user.call('GET /api/new-arrivals');
});
afterAll(() => hook.close());
beforeEach(async () => {
  await db().alertChannel.deleteMany();
  hook.received.length = 0;
  hook.answer(200);
  // The password counts for ten minutes, and tests move the clock.
  await admin.proveSelf();
});

type Form = BodyOf<'POST /api/admin/alert-channels'>;
const form = (fields: Partial<Form> = {}): Form => ({
  name: '情シス',
  format: 'json',
  url: `${hook.url}/services/T0/secret-part`,
  recipients: '',
  kinds: ['stopped', 'secret', 'errors'],
  leastUsers: 1,
  language: 'ja',
  active: true,
  ...fields,
});
const create = (fields: Partial<Form> = {}) => admin.call('POST /api/admin/alert-channels', { body: form(fields) });
const view = async () => (await admin.call('GET /api/admin/alert-channels')).items[0];
interface Sent {
  readonly subject: string;
  readonly alerts: readonly {
    readonly event: string;
    readonly title: string;
    readonly errorId: string | null;
    readonly url: string;
  }[];
}
/** The user has mail again: what proves that nobody is stopped. */
const served = async () => {
  argus.advance(20_000);
  await user.call('GET /api/new-arrivals', { query: { refresh: true } });
};
const sent = () => hook.received.map(({ body }) => body as Sent);

describe('alert-7: a destination', () => {
  it('alert-7: never shows its URL again, keeps it sealed to its origin, and is known to the remote site', async () => {
    const channel = await create();
    expect(channel).toMatchObject({ origin: hook.url, format: 'json' });
    const everything = [
      await admin.send('GET', '/api/admin/alert-channels'),
      await admin.send('GET', '/api/admin/audit-events'),
    ];
    for (const { text } of everything) expect(text).not.toContain('secret-part');
    const row = await db().alertChannel.findFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('secret-part');
    const site = (await admin.call('GET /api/admin/remote-sites')).items.find(({ name }) => name === 'hook');
    expect(site?.usedBy).toEqual([{ kind: 'alert', name: '情シス' }]);
    expect(await admin.call('GET /api/admin/remote-sites/:id/impact', { params: { id: site?.id ?? '' } })).toEqual({
      users: 0,
      uses: [{ kind: 'alert', name: '情シス', users: 0 }],
    });
    // A row that was moved to another origin opens nothing.
    await db().alertChannel.updateMany({ data: { origin: 'https://evil.example' } });
    const test = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id: channel.id } });
    expect(test.code).toBe('alert_url_unreadable');
  });

  it('alert-7: keeps its URL where the form has none, and refuses what cannot work', async () => {
    const { id, version } = await create();
    const { url: _, ...rest } = form({ name: '別名' });
    const changed = await admin.call('PUT /api/admin/alert-channels/:id', {
      params: { id },
      body: { ...rest, version },
    });
    expect(changed).toMatchObject({ name: '別名', origin: hook.url });
    await admin.call('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(hook.received).toMatchObject([{ path: '/services/T0/secret-part' }]);
    const elsewhere = form({ url: 'http://127.hooks.example/x' });
    expect((await admin.fails('POST /api/admin/alert-channels', { body: elsewhere })).fields).toMatchObject([
      { field: 'url', code: 'webhook_https_needed' },
    ]);
    const wrong = { name: ' ', url: 'http://hooks.example/x', kinds: [], leastUsers: 0 };
    const refused = await admin.fails('POST /api/admin/alert-channels', { body: form(wrong) });
    expect(refused.fields?.map(({ field, code }) => [field, code]).toSorted()).toEqual([
      ['kinds', 'required'],
      ['leastUsers', 'number_range'],
      ['name', 'required'],
      ['url', 'webhook_https_needed'],
    ]);
    const mail = form({ format: 'mail', recipients: 'it@contoso.example, nobody' });
    expect((await admin.fails('POST /api/admin/alert-channels', { body: mail })).fields).toMatchObject([
      { field: 'recipients', code: 'mail_address_malformed' },
    ]);
    expect(await admin.fails('POST /api/admin/alert-channels', { body: form({ name: '別名' }) })).toMatchObject({
      code: 'value_taken',
    });
  });

  it.each([
    ['teams', 'application/vnd.microsoft.card.adaptive'],
    ['slack', '"mrkdwn"'],
    ['json', '"product":"Argus"'],
  ] as const)('alert-8: テスト送信 sends %s what it reads', async (format, part) => {
    const { id } = await create({ format, name: `A & <${format}>` });
    const tested = await admin.call('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(tested.lastSentAt).not.toBeNull();
    expect(hook.received).toHaveLength(1);
    expect(hook.received[0]?.contentType).toContain('application/json');
    const text = JSON.stringify(hook.received[0]?.body);
    expect(text).toContain(part);
    expect(text).toContain('Argus からのテスト送信です。');
    // Slack reads its own markup in names.
    expect(text.includes('A &amp; &lt;slack&gt;')).toBe(format === 'slack');
  });

  it.each([
    [404, 'alert_refused'],
    [429, 'alert_throttled'],
    [302, 'alert_refused'],
    [500, 'alert_throttled'],
  ] as const)('alert-9: an answer of %i is told as %s, in the list, too', async (status, code) => {
    const { id } = await create();
    hook.answer(status);
    const problem = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(problem).toMatchObject({ code });
    expect((await view())?.lastFailure).toMatchObject({ code });
  });

  it('alert-10: nothing is sent to a site that is switched off', async () => {
    const { id } = await create();
    await change.site('hook', false);
    const problem = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(problem).toMatchObject({ code: 'alert_site_not_registered', admin: { origin: hook.url } });
    expect(hook.received).toEqual([]);
    await change.site('hook', true);
  });
});

describe('alert-11: what is wrong', () => {
  it('alert-11: that everybody is stopped is told once, in the language of the destination, and so is its end', async () => {
    await create({ language: 'en' });
    await run();
    expect(sent()).toEqual([]);
    await change.site('graph', false);
    await run();
    await run();
    expect(sent()).toHaveLength(1);
    expect(sent()[0]?.alerts).toMatchObject([
      { event: 'began', title: 'Nobody can see their mail.', url: `${argus.url}/admin/remote-sites` },
    ]);
    await change.site('graph', true);
    // That the site is there again proves nothing yet.
    await run();
    expect(sent()).toHaveLength(1);
    await served();
    await run();
    await run();
    expect(sent()[1]?.alerts).toMatchObject([{ event: 'ended', title: 'Nobody can see their mail.' }]);
    expect(sent()).toHaveLength(2);
    expect((await view())?.lastSentAt).not.toBeNull();
  });

  it('alert-12: an error of users is told with its error ID and page, and ends once they have their mail', async () => {
    await create();
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 404, times: 1 });
    argus.advance(20_000);
    const { problem } = (await user.send('GET', '/api/new-arrivals?refresh=true')).body as {
      problem: { errorId: string };
    };
    await run();
    const [first] = sent();
    expect(first?.alerts).toMatchObject([{ event: 'began', errorId: problem.errorId }]);
    expect(first?.alerts[0]?.url).toMatch(/\/admin\/error-events\?cause=\d+$/);
    argus.advance(20_000);
    await user.call('GET /api/new-arrivals', { query: { refresh: true } });
    await run();
    expect(sent()[1]?.alerts).toMatchObject([{ event: 'ended' }]);
  });

  it('alert-19: a cause that nobody met for a day is not called over while nobody has had success', async () => {
    await create();
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 404, times: 1 });
    argus.advance(20_000);
    await user.send('GET', '/api/new-arrivals?refresh=true');
    await run();
    expect(sent()[0]?.alerts).toMatchObject([{ event: 'began' }]);
    await run(25 * 60 * minute);
    expect(sent()[1]?.alerts).toMatchObject([{ event: 'quiet' }]);
    // The next tests begin with everybody served.
    await served();
  });

  it('alert-19: that the settings no longer name a provider is another reason, and no end', async () => {
    await create({ kinds: ['stopped'] });
    await change.site('graph', false);
    await run();
    await change.settings({ authProviderUrlSuffix: '' });
    await run();
    expect(sent().map(({ alerts }) => alerts.map(({ event }) => event))).toEqual([['began'], ['continues']]);
    await change.restore();
    await served();
    await run();
    expect(sent()[2]?.alerts).toMatchObject([{ event: 'ended' }]);
  });

  it('alert-21: a secret that expired, or got another date, is not told as renewed; one that was and works is', async () => {
    await create({ kinds: ['secret'] });
    const dayFromNow = (days: number) =>
      new Date(argus.services.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
    await change.provider({ consumerSecretExpiresOn: dayFromNow(3) });
    await run();
    await change.provider({ consumerSecretExpiresOn: null, consumerSecret: undefined });
    await run();
    expect(sent().map(({ alerts }) => alerts.map(({ event }) => event))).toEqual([['began']]);
    argus.advance(1_000);
    await change.provider({ consumerSecretExpiresOn: dayFromNow(200) });
    await run();
    expect(sent()).toHaveLength(1);
    argus.advance(2 * 3600_000);
    await admin.proveSelf();
    await served();
    await run();
    expect(sent()[1]?.alerts).toMatchObject([{ event: 'ended' }]);
  });

  it('alert-20: a destination that is deleted or changed meanwhile is left out, and keeps nobody else from being told', async () => {
    const first = await create({ name: 'あ' });
    const second = await create({ name: 'い' });
    await create({ name: 'う' });
    await change.site('graph', false);
    hook.whileNext(async () => {
      await admin.call('DELETE /api/admin/alert-channels/:id', { params: { id: first.id } });
      await admin.call('DELETE /api/admin/alert-channels/:id', { params: { id: second.id } });
    });
    await run();
    expect(sent().map(({ alerts }) => alerts.map(({ event }) => event))).toEqual([['began'], ['began']]);
    await change.site('graph', true);
  });

  it('S-11: an error ID of a destination is shown only while its event is kept, and a failure that goes on gets another', async () => {
    await create();
    await change.site('graph', false);
    hook.answer(503);
    await run();
    const reported = (await view())?.lastFailure?.errorId;
    expect(reported).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await db().errorEvent.deleteMany({ where: { id: reported ?? '' } });
    expect((await view())?.lastFailure).toMatchObject({ errorId: null });
    await run(2 * minute);
    expect((await view())?.lastFailure?.errorId).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await db().errorEvent.deleteMany({ where: { code: 'alert_throttled' } });
    await change.site('graph', true);
  });

  it('alert-13: what could not be sent is kept, tried again after a growing wait, and reported once with an error ID', async () => {
    const failing = async () =>
      (await admin.call('GET /api/admin/notices')).items.flatMap(({ kind, channel }) =>
        kind === 'alerts_fail' ? [channel] : [],
      );
    const { id } = await create();
    hook.answer(503);
    await change.site('graph', false);
    await run();
    await run();
    expect(hook.received).toHaveLength(1);
    // One failure may pass by itself.
    expect(await failing()).toEqual([]);
    await run(1.1 * minute);
    expect(await failing()).toEqual([{ id, name: '情シス' }]);
    await run(1.2 * minute);
    await run(3.5 * minute);
    expect(hook.received).toHaveLength(3);
    const events = await db().errorEvent.findMany({ where: { code: 'alert_throttled', accountId: null } });
    expect(events).toHaveLength(1);
    expect((await view())?.lastFailure).toMatchObject({ code: 'alert_throttled', errorId: events[0]?.id });
    hook.answer(200);
    await run(10 * minute);
    expect(sent()[3]?.alerts).toMatchObject([{ event: 'began' }]);
    expect((await view())?.lastFailure).toBeNull();
    expect(await failing()).toEqual([]);
    await change.site('graph', true);
  });

  it('alert-14: a destination that is switched off is sent nothing', async () => {
    await create({ active: false });
    await change.site('graph', false);
    await run();
    expect(hook.received).toEqual([]);
    await change.site('graph', true);
  });
});

describe('alert-15: mail', () => {
  const mails: { to: string[]; text: string }[] = [];
  let smtp: SMTPServer;
  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('gone') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
      onData(stream, session, callback) {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          mails.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            text: Buffer.concat(parts).toString('utf8'),
          });
          callback();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(smtpPort, '127.0.0.1', () => resolve()));
  });
  afterAll(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
  const byMail = (recipients: string) =>
    create({ name: recipients.replaceAll('\n', ' '), format: 'mail', url: '', recipients });

  it('alert-15: goes to every recipient, from the configured sender', async () => {
    const { id } = await byMail('a@contoso.example\nb@contoso.example a@contoso.example');
    await admin.call('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(['a@contoso.example', 'b@contoso.example']);
    expect(mails[0]?.text).toContain('From: argus@contoso.example');
    expect((await admin.call('GET /api/admin/alert-channels')).mailFrom).toBe('argus@contoso.example');
  });

  it('alert-15: one recipient that the server refuses is told, with its reply code', async () => {
    const { id } = await byMail('a@contoso.example gone@contoso.example');
    const problem = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(problem).toMatchObject({ code: 'alert_recipients_refused' });
    expect(problem.lines.join()).toContain('gone@contoso.example');
    expect(problem.lines.at(-1)).toContain('550');
    expect(mails.at(-1)?.to).toEqual(['a@contoso.example']);
    const { id: all } = await byMail('gone@contoso.example');
    const refused = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id: all } });
    expect(refused).toMatchObject({ code: 'alert_mail_refused' });
  });

  it('alert-22: a recipient that the server refuses keeps nobody else from being told, and repeats nothing', async () => {
    await byMail('a@contoso.example gone@contoso.example');
    const before = mails.length;
    await change.site('graph', false);
    await run();
    await run(2 * minute);
    expect(mails.slice(before).map(({ to }) => to)).toEqual([['a@contoso.example']]);
    expect(await view()).toMatchObject({
      lastSentAt: expect.any(String),
      lastFailure: { code: 'alert_recipients_refused', errorId: expect.any(String) },
    });
    await change.site('graph', true);
    await served();
    await run();
    expect(mails.slice(before)).toHaveLength(2);
    const kinds = (await admin.call('GET /api/admin/notices')).items.map(({ kind }) => kind);
    expect(kinds).toContain('alerts_fail');
  });

  it('alert-16: no mail is sent in plain text where the operator asks for encryption', async () => {
    const { mail } = argus.services.config;
    const server = { host: '127.0.0.1', port: smtpPort, encryption: 'starttls' } as const;
    Object.assign(argus.services.config, { mail: { ...mail, server } });
    const before = mails.length;
    const { id } = await byMail('a@contoso.example');
    const problem = await admin.fails('POST /api/admin/alert-channels/:id/test', { params: { id } });
    expect(problem.code).toBe('alert_mail_server_unreachable');
    expect(mails).toHaveLength(before);
    Object.assign(argus.services.config, { mail });
  });
});
