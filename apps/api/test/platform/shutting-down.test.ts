import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeAll, expect, test } from 'vitest';
import { type Browser, buildArgus, type Reply, type TestArgus } from '../support/build-app.ts';

let argus: TestArgus;
let user: Browser;
beforeAll(async () => {
  argus = await buildArgus();
  const upn = demoUsers.taro.userPrincipalName;
  const admin = await argus.connect();
  user = await argus.signedIn('taro@argus.example');
  const body = { username: 'taro@argus.example', microsoftAccount: upn };
  await admin.call('POST /api/admin/account-links', { body });
  await user.authorize(upn);
});

test('a request that arrives while Argus waits for requests in flight is asked to come back, in its language', async () => {
  argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 20_000 });
  argus.fake.control.clearRequests();
  const inFlight = user.send('GET', '/api/new-arrivals');
  while (!argus.fake.control.requests().some(({ path }) => path.includes('/messages'))) await sleep(20);
  const closed = argus.close();
  let late: Reply;
  do late = await user.send('GET', '/api/authorization', { headers: { 'accept-language': 'en' } });
  while (late.status === 200);
  expect(late.status).toBe(503);
  expect(late.headers.get('content-type')).toContain('application/problem+json');
  expect(late.headers.get('retry-after')).toBe('5');
  expect(late.body).toMatchObject({
    code: 'shutting_down',
    lines: ['Argus is restarting.', 'Wait a while, then try again.'],
    retry: { kind: 'later', afterSeconds: 5 },
  });
  argus.fake.control.answerNow();
  expect((await inFlight).status).toBe(200);
  await closed;
});

test('S-6: a refresh whose caller has gone is saved before Argus ends, even if Microsoft is slow', async () => {
  const stopped = await buildArgus();
  try {
    const upn = demoUsers.taro.userPrincipalName;
    const admin = await stopped.connect({ settings: { totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 } });
    const caller = await stopped.signedIn('taro@argus.example');
    const body = { username: 'taro@argus.example', microsoftAccount: upn };
    await admin.call('POST /api/admin/account-links', { body });
    await caller.authorize(upn);
    const { db } = stopped.services;
    await db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    const { version } = await db.grant.findFirstOrThrow();
    stopped.fake.control.addFault({ target: 'token', kind: 'delay', ms: 6_500, times: 1 });
    expect(await caller.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_timeout' });
    await stopped.app.close();
    expect((await db.grant.findFirstOrThrow()).version).toBe(version + 1);
  } finally {
    await stopped.close();
  }
});

test('S-6: a refresh that still waits for another process sends nothing once Argus has begun to stop', async () => {
  const stopped = await buildArgus();
  try {
    const upn = demoUsers.taro.userPrincipalName;
    const admin = await stopped.connect({ settings: { totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 } });
    const caller = await stopped.signedIn('taro@argus.example');
    const body = { username: 'taro@argus.example', microsoftAccount: upn };
    await admin.call('POST /api/admin/account-links', { body });
    await caller.authorize(upn);
    const { db, now } = stopped.services;
    const refreshLeaseUntil = new Date(now().getTime() + 3_000);
    const leased = { refreshLeaseId: randomUUID(), refreshLeaseUntil, accessExpiresAt: new Date(0) };
    await db.grant.updateMany({ data: leased });
    expect(await caller.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_timeout' });
    stopped.fake.control.clearRequests();
    // Its answer might come after the end.
    await stopped.app.close();
    expect(stopped.fake.control.requests()).toEqual([]);
    expect(await db.grant.findFirstOrThrow()).toMatchObject({ status: 'authorized', lastErrorCode: 'mail_timeout' });
  } finally {
    await stopped.close();
  }
});
