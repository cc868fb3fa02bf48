import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { readMe } from '@argus/microsoft/identity';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenVault } from '../../src/connection/grant-tokens.ts';
import type { GraphServices } from '../../src/connection/graph/call-graph.ts';
import { createTokenEndpoints } from '../../src/connection/oauth/token-client.ts';
import type { Purpose } from '../../src/connection/purpose.ts';
import { withConnection } from '../../src/connection/with-connection.ts';
import type { Browser, TestArgus } from '../support/build-app.ts';
import { buildLinkedTaro, taroUpn } from '../support/linked-taro.ts';

let argus: TestArgus;
let user: Browser;
let services: GraphServices;
let accountId: string;

beforeAll(async () => {
  ({ argus, user } = await buildLinkedTaro());
  services = { ...argus.services, tokens: createTokenVault(argus.services, createTokenEndpoints(argus.services)) };
  accountId = (await argus.services.db.account.findFirstOrThrow({ where: { username: 'taro@argus.example' } })).id;
});
afterAll(() => argus.close());
beforeEach(() => user.authorize(taroUpn));

describe('a purpose that reads from Microsoft for a user', () => {
  it('calls Graph for the account, at the root of Graph, and stores the outcome', async () => {
    const me = await withConnection(services, accountId, 'mail', ({ connection, callGraph }) =>
      callGraph((call) => readMe({ ...call, graphRoot: connection.graphRoot ?? '' })),
    );
    expect(me.userPrincipalName).toBe(taroUpn);
    const { lastSuccessAt } = await argus.services.db.grant.findFirstOrThrow();
    expect(lastSuccessAt).not.toBeNull();
  });

  it('returns nothing fetched under an authorization that was replaced meanwhile: it fetches again', async () => {
    const seen: string[] = [];
    const given = await withConnection(services, accountId, 'mail', async ({ connection }) => {
      seen.push(connection.grant.id);
      if (seen.length === 1) await user.authorize(taroUpn);
      return connection.grant.id;
    });
    expect(seen).toHaveLength(2);
    expect(given).toBe(seen[1]);
    expect(given).toBe((await argus.services.db.grant.findFirstOrThrow()).id);
  });

  it('returns nothing of the previously linked account: the current link decides', async () => {
    const { db } = argus.services;
    const link = await db.accountLink.findFirstOrThrow({ where: { accountId } });
    const { userPrincipalName } = demoUsers.hanako;
    const changed = { microsoftAccount: userPrincipalName, microsoftAccountKey: userPrincipalName.toLowerCase() };
    let looks = 0;
    const looked = withConnection(services, accountId, 'mail', async ({ callGraph }) => {
      looks += 1;
      if (looks === 1) await db.accountLink.updateMany({ where: { accountId }, data: changed });
      // The second look asks Graph first whose grant this is.
      return callGraph(async () => 'of the former mailbox');
    });
    try {
      await expect(looked).rejects.toMatchObject({ code: 'mail_account_mismatch' });
      expect(looks).toBe(2);
    } finally {
      const { microsoftAccount, microsoftAccountKey } = link;
      await db.accountLink.updateMany({ where: { accountId }, data: { microsoftAccount, microsoftAccountKey } });
    }
  });

  it('gives up with the timeout of the purpose if the connection keeps changing', async () => {
    const { db } = argus.services;
    await db.grant.updateMany({ data: { verifiedLinkKey: null } });
    const { totalTimeoutSeconds } = await db.settings.findFirstOrThrow();
    await db.settings.updateMany({ data: { totalTimeoutSeconds: 1 } });
    try {
      const looked = withConnection(services, accountId, 'mail', async () => 'what nobody is entitled to');
      await expect(looked).rejects.toMatchObject({ code: 'mail_timeout' });
    } finally {
      await db.settings.updateMany({ data: { totalTimeoutSeconds } });
    }
  });
});

describe('errors of a purpose other than mail', () => {
  // The only other purpose that there is; it meets /me, and speaks in words of its own.
  const other = 'authorization' as Purpose;
  const look = () =>
    withConnection(services, accountId, other, ({ connection, callGraph }) =>
      callGraph((call) => readMe({ ...call, graphRoot: connection.graphRoot ?? '' })),
    );
  const mailFailed = { lastErrorCode: 'mail_access_denied', lastErrorAt: new Date('2026-11-01T00:00:00Z') };
  const stored = async () => {
    const { lastSuccessAt, lastErrorCode, lastErrorAt, throttledUntil } =
      await argus.services.db.grant.findFirstOrThrow();
    return { lastSuccessAt, lastErrorCode, lastErrorAt, throttledUntil };
  };
  beforeEach(async () => {
    await argus.services.db.grant.updateMany({ data: { ...mailFailed, lastSuccessAt: null } });
  });
  afterEach(() => argus.fake.control.clearFaults());

  it('a success does not clear the error of mail, and does not count as a success of mail', async () => {
    expect((await look()).userPrincipalName).toBe(taroUpn);
    expect(await stored()).toEqual({ ...mailFailed, lastSuccessAt: null, throttledUntil: null });
  });

  it('a failure does not replace the error of mail', async () => {
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 404 });
    await expect(look()).rejects.toMatchObject({ code: 'authorization_identity_unconfirmed' });
    expect(await stored()).toEqual({ ...mailFailed, lastSuccessAt: null, throttledUntil: null });
  });

  it('throttling applies to every purpose', async () => {
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 429, retryAfter: '60' });
    await expect(look()).rejects.toMatchObject({ params: { status: 429 } });
    const { throttledUntil, ...rest } = await stored();
    expect(rest).toEqual({ ...mailFailed, lastSuccessAt: null });
    expect(throttledUntil?.getTime()).toBeGreaterThan(argus.services.now().getTime());
    expect(await user.fails('GET /api/new-arrivals', { query: { refresh: true } })).toMatchObject({
      code: 'mail_throttled',
    });
  });

  it('an answer of the token endpoint applies to every purpose', async () => {
    await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    argus.fake.control.setSecretState('expired');
    try {
      await expect(look()).rejects.toMatchObject({ code: 'authorization_secret_expired' });
      expect(await stored()).toMatchObject({ lastErrorCode: 'authorization_secret_expired' });
    } finally {
      argus.fake.control.setSecretState('valid');
    }
  });
});
