import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepAlive } from '../../src/connection/jobs/keep-alive.ts';
import type { Browser } from '../support/build-app.ts';
import { authorizeAnew, callsTo, calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { expire, grant, settled } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';

/** Where the endpoints are moved to: a registered site that answers every call with an error. */
let elsewhere: Server;
let elsewhereUrl: string;
/** More of them than keep-alive refreshes at once. */
const colleagues: Browser[] = [];

stageLinkedTaro({ leastRefreshMs: 4_000 });
beforeAll(async () => {
  elsewhere = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  elsewhereUrl = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
  await admin.call('POST /api/admin/remote-sites', {
    body: { name: 'elsewhere', url: elsewhereUrl, disableProtocolSecurity: true, active: true, description: '' },
  });
  for (let index = 0; index < 6; index += 1) {
    const [username, microsoftAccount] = [`u${index}@argus.example`, `u${index}@contoso.example`];
    argus.fake.control.addUser({ userPrincipalName: microsoftAccount, displayName: username });
    colleagues.push(await argus.signedIn(username));
    await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount } });
  }
});
afterAll(() => {
  elsewhere?.closeAllConnections();
  elsewhere?.close();
});
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const moves = {
  'the token endpoint': () => change.provider({ tokenEndpointUrl: `${elsewhereUrl}/oauth2/v2.0/token` }),
  '「URL」': () => change.settings({ mailUrl: `${elsewhereUrl}/v1.0/me/mailFolders/inbox/messages` }),
};
const named = Object.entries(moves);
const load = () => user.send('GET', '/api/new-arrivals?refresh=true');
const db = () => argus.services.db;

/** Another process holds the lease, and is stopped before it ends. */
async function leaseOfAnother(ms: number) {
  const refreshLeaseUntil = new Date(argus.services.now().getTime() + ms);
  await db().grant.updateMany({ data: { refreshLeaseId: randomUUID(), refreshLeaseUntil } });
}

describe('S-2: an endpoint that moves to another origin', () => {
  it.each(named)('S-2: %s: while a refresh waits, no token goes to the origin that was left', async (_, move) => {
    await expire();
    await leaseOfAnother(3_000);
    const loading = load();
    await move();
    // The refresh is still waiting.
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', refreshLeaseId: expect.any(String) });
    expect((await loading).text).toContain('mail_connection_moved');
    await vi.waitFor(async () => expect((await grant()).refreshLeaseUntil?.getTime()).toBeLessThan(Date.now()), 5_000);
    expect([...tokenCalls(), ...callsTo('/me')]).toEqual([]);
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', lastErrorCode: 'mail_connection_moved' });
  });

  it.each(named)('S-2: %s: during a refresh, the new access token goes nowhere, and is kept', async (_, move) => {
    await expire();
    const { sealedTokens } = await grant();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 3_000, times: 1 });
    const loading = load();
    await untilCalled(argus, '/token');
    await move();
    expect((await loading).text).toContain('mail_connection_moved');
    await settled();
    expect(callsTo('/me')).toEqual([]);
    expect((await grant()).sealedTokens).not.toBe(sealedTokens);
    await change.restore();
    expect((await load()).status).toBe(200);
  });

  it.each(named)('S-2: %s: during a call of Graph, its result is neither kept nor shown', async (_, move) => {
    const { lastSuccessAt } = await grant();
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 3_000, times: 1 });
    const loading = load();
    await untilCalled(argus, '/messages');
    await move();
    const { text, body } = await loading;
    expect(text).toContain('mail_connection_moved');
    expect(body).not.toHaveProperty('items');
    expect(await db().mailCache.count()).toBe(0);
    expect(await grant()).toMatchObject({ lastErrorCode: 'mail_connection_moved', lastSuccessAt });
  });

  it.each(named)('S-2: %s: a refused grant that waits for its new try is not sent either', async (_, move) => {
    await expire();
    await db().grant.updateMany({ data: { status: 'reconnect_needed', refreshNotBefore: new Date(0) } });
    await leaseOfAnother(2_500);
    const loading = load();
    await move();
    await loading;
    expect([...tokenCalls(), ...callsTo('/me')]).toEqual([]);
  });

  it.each(named)('S-2: %s: keep-alive sends no further token, and reports nobody', async (_, move) => {
    for (const [index, browser] of colleagues.entries()) await browser.authorize(`u${index}@contoso.example`);
    await db().grant.updateMany({ data: { refreshedAt: new Date(0), accessExpiresAt: new Date(0) } });
    await db().errorEvent.deleteMany();
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 2_500 });
    const running = runJob(argus, keepAlive);
    await untilCalled(argus, '/token', 4);
    await move();
    await running;
    expect(tokenCalls()).toHaveLength(4);
    expect(await db().errorEvent.count()).toBe(0);
  });
});
