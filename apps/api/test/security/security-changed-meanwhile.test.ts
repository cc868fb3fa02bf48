import type { ReplyOf } from '@argus/contract/endpoint-map';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { authorizeAnew, callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { failWrites } from '../support/failing-writes.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { endOf, factOf, runDoctor, stepOf } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';
import { expire, grant } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';

stageLinkedTaro({ leastRefreshMs: 1_000 });
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

test('S-1: a list that was being fetched when the URL or the preview changed is neither shown nor kept, and what was fetched later stays', async () => {
  argus.fake.control.injectMail({ user: taroUpn, subject: 'of the former folder' });
  const subjects = async (query: string) => {
    const { status, text } = await user.send('GET', `/api/new-arrivals${query}`);
    expect(status).toBe(200);
    return text;
  };
  const former = async (settings: Record<string, unknown>) => {
    await change.restore();
    argus.advance(20_000);
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 1_200, times: 1 });
    const loading = subjects('?refresh=true');
    await untilCalled(argus, '/messages');
    await change.settings(settings);
    // Somebody else's tab has fetched the present list meanwhile.
    const present = await subjects('');
    const late = await loading;
    const { fingerprint } = await argus.services.db.mailCache.findFirstOrThrow();
    const { version } = await admin.call('GET /api/admin/settings');
    expect(fingerprint.split('/')[0]).toBe(String(version));
    return [present, late];
  };
  const archive = `${argus.fake.graphUrl}/v1.0/me/mailFolders/archive/messages`;
  for (const text of await former({ mailUrl: archive })) expect(text).not.toContain('of the former folder');
  for (const text of await former({ previewEnabled: false })) expect(text).not.toMatch(/"preview":"/);
});

test('S-1: a list of former settings replaces none that another process has fetched since, and none of it is shown beside an error', async () => {
  argus.fake.control.injectMail({ user: taroUpn, subject: 'read long ago', isRead: true });
  const other = await startAnotherInstance(argus);
  argus.advance(20_000);
  argus.fake.control.clearRequests();
  argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 1_500, times: 1 });
  const loading = user.send('GET', '/api/new-arrivals?refresh=true');
  await untilCalled(argus, '/messages');
  await change.settings({ unreadOnly: true, mailCount: 3 });
  await fetch(new URL('/api/new-arrivals', other.url), { headers: { cookie: cookieHeader(user) } });
  const { fingerprint } = await argus.services.db.mailCache.findFirstOrThrow();
  argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
  const { body } = await loading;
  expect((await argus.services.db.mailCache.findFirstOrThrow()).fingerprint).toBe(fingerprint);
  const { items } = body as ReplyOf<'GET /api/new-arrivals'>;
  expect(items).toHaveLength(3);
  expect(items.filter(({ unread }) => !unread)).toEqual([]);
  await other.close();
});

test('S-1: a list that was kept before 基本設定 asked for unread mail only shows no other beside an error', async () => {
  argus.fake.control.injectMail({ user: taroUpn, subject: 'read long ago', isRead: true });
  argus.advance(20_000);
  await user.call('GET /api/new-arrivals', { query: { refresh: true } });
  await change.settings({ unreadOnly: true });
  argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
  const { items, problem } = await user.call('GET /api/new-arrivals', { query: { refresh: true } });
  expect(problem?.code).toBe('mail_upstream_error');
  expect(items).not.toEqual([]);
  expect(items.filter(({ unread }) => !unread)).toEqual([]);
});

const linkOfTaro = async () => (await admin.call('GET /api/admin/account-links')).items[0];
const ends = {
  'the account is deactivated': async () => {
    const { id, username, displayName, salesforceId, role, version } = await argus.services.db.account.findFirstOrThrow(
      {
        where: { username: 'taro@argus.example' },
      },
    );
    const body = { username, displayName, salesforceId, role, active: false, version };
    await admin.call('PUT /api/admin/users/:id', { params: { id }, body });
  },
  'an administrator revokes the authorization': async () => {
    const { id = '' } = (await linkOfTaro()) ?? {};
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id } });
  },
  'the link names another account': async () => {
    const { id = '', version = 0 } = (await linkOfTaro()) ?? {};
    const body = { microsoftAccount: 'someone.else@contoso.example', version };
    await admin.call('PUT /api/admin/account-links/:id', { params: { id }, body });
  },
} as const;

test.each(Object.entries(ends))(
  'S-1: a diagnosis goes no further, and tells nothing of Microsoft’s, once %s',
  async (name, end) => {
    argus.fake.control.addFault({ target: 'folder', kind: 'delay', ms: 1_500, times: 1 });
    const { id } = await admin.call('POST /api/admin/doctor-runs', { body: { username: 'taro@argus.example' } });
    await untilCalled(argus, '/inbox');
    await end();
    argus.fake.control.clearRequests();
    const run = await endOf(admin, id);
    expect(callsTo('/me/')).toEqual([]);
    for (const step of ['mailbox', 'messages'] as const) {
      expect(stepOf(run, step)).toMatchObject({ state: 'cannot_check', reason: 'changed_meanwhile' });
    }
    expect(factOf(run, 'messages', 'messageCount')).toBeUndefined();
    // As before for the next test.
    if (name.includes('deactivated')) {
      await argus.services.db.account.updateMany({ data: { active: true } });
      await user.signIn('taro@argus.example');
    }
    if (name.includes('link')) {
      const { id: link = '', version = 0 } = (await linkOfTaro()) ?? {};
      const body = { microsoftAccount: taroUpn, version };
      await admin.call('PUT /api/admin/account-links/:id', { params: { id: link }, body });
    }
  },
);

test('S-3: a diagnosis that began before a remote site changed is not what another start gets', async () => {
  argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_200 });
  const body = { username: null };
  const before = await admin.call('POST /api/admin/doctor-runs', { body });
  await untilCalled(argus, '/token');
  await change.site('graph', false);
  const after = await admin.call('POST /api/admin/doctor-runs', { body });
  expect(after.id).not.toBe(before.id);
  expect((await endOf(admin, after.id)).firstFailure).toBe('mail_site');
  await change.site('graph', true);
  calmMicrosoft();
  expect((await runDoctor(admin, null)).firstFailure).toBeNull();
});

test('S-6: new tokens outlast an outage of the database that is longer than their call', async () => {
  await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
  await authorizeAnew();
  argus.fake.control.setSwitches({ strictRotation: true });
  await authorizeAnew();
  await expire();
  argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 500, times: 1 });
  const loading = user.send('GET', '/api/new-arrivals?refresh=true');
  await untilCalled(argus, '/token');
  const before = (await grant()).sealedTokens;
  const end = await failWrites(argus, 'Grant', { times: 1_000_000 });
  await loading;
  await new Promise((resolve) => setTimeout(resolve, 7_500));
  await end();
  await expect.poll(async () => (await grant()).sealedTokens !== before, { timeout: 5_000 }).toBe(true);
  await change.restore();
  argus.advance(20_000);
  expect((await user.send('GET', '/api/new-arrivals?refresh=true')).status).toBe(200);
  expect((await grant()).status).toBe('authorized');
});

test('S-6: new tokens are stored, and the grant works again, where another instance was refused meanwhile and deleted the spent ones', async () => {
  await expire();
  argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 800, times: 1 });
  const loading = user.send('GET', '/api/new-arrivals?refresh=true');
  await untilCalled(argus, '/token');
  const lost = {
    status: 'reconnect_needed',
    sealedTokens: null,
    refreshLeaseId: null,
    refreshLeaseUntil: null,
  } as const;
  await argus.services.db.grant.updateMany({ data: { ...lost, version: { increment: 1 } } });
  await loading;
  await expect.poll(async () => (await grant()).status, { timeout: 5_000 }).toBe('authorized');
  argus.advance(20_000);
  expect((await user.send('GET', '/api/new-arrivals?refresh=true')).status).toBe(200);
  // One that the user has revoked meanwhile stays revoked.
  argus.advance(20_000);
  await expire();
  argus.fake.control.clearRequests();
  argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 800, times: 1 });
  const later = user.send('GET', '/api/new-arrivals?refresh=true');
  await untilCalled(argus, '/token');
  await user.call('DELETE /api/authorization');
  await later;
  expect(await argus.services.db.grant.count()).toBe(0);
});

test('S-6: a rotated token in a reply of no other use outlasts an outage, too', async () => {
  await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
  argus.fake.control.setSwitches({ strictRotation: true });
  await authorizeAnew();
  await expire();
  argus.fake.control.addFault({ target: 'token', kind: 'altered', fields: { token_type: 'mac' }, times: 1 });
  const before = (await grant()).sealedTokens;
  const end = await failWrites(argus, 'Grant', { times: 1_000_000, skip: 1 });
  await user.send('GET', '/api/new-arrivals?refresh=true');
  await new Promise((resolve) => setTimeout(resolve, 7_500));
  await end();
  await expect.poll(async () => (await grant()).sealedTokens !== before, { timeout: 5_000 }).toBe(true);
});
