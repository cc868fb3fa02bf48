import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Signer } from '@fastify/cookie';
import pg from 'pg';
import {
  passwordDigestOf,
  sessionCookieName,
  sessionLifeMs,
  signingSecrets,
} from '../../../apps/api/src/accounts/sessions.ts';
import { grantTokensPlace } from '../../../apps/api/src/connection/records/grants.ts';
import { keptMailPlace } from '../../../apps/api/src/connection/records/mail-cache.ts';
import { originOf } from '../../../apps/api/src/connection/usable-grant.ts';
import { createVault, type Vault } from '../../../apps/api/src/platform/vault/seal.ts';

/** A vault key for this run alone. */
export const benchKey = { kid: 'bench', key: randomBytes(32) };

export interface SeedOrder {
  readonly users: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** A list to keep for each user, always fresh; null keeps none. */
  readonly list: { readonly items: readonly unknown[]; readonly unreadCount: number | null } | null;
}

interface Setup {
  readonly providerId: string;
  readonly tokenOrigin: string;
  readonly mailOrigin: string;
  readonly fingerprint: string;
}

/**
 * Adds users to a migrated and connected database: each with a session, a link and a grant, and perhaps a kept list. They
 * share one access token, and so one mailbox. Returns the `cookie` header of each.
 */
export async function seedPortlet(databaseUrl: string, order: SeedOrder): Promise<string[]> {
  const vault = createVault([benchKey]);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const setup = await readSetup(client);
    await client.query('BEGIN');
    const cookies: string[] = [];
    for (let from = 0; from < order.users; from += 1_000) {
      const count = Math.min(1_000, order.users - from);
      cookies.push(...(await seedUsers(client, vault, setup, order, count)));
    }
    await client.query('COMMIT');
    for (const table of ['Account', 'AccountLink', 'Grant', 'MailCache', 'Session']) {
      await client.query(`VACUUM (ANALYZE) "${table}"`);
    }
    return cookies;
  } finally {
    await client.end();
  }
}

async function readSetup(client: pg.Client): Promise<Setup> {
  const { rows } = await client.query<{ id: string; tokenEndpointUrl: string; mailUrl: string; version: number }>(
    `SELECT p.id, p."tokenEndpointUrl", s."mailUrl", s.version FROM "Settings" s
     JOIN "AuthProvider" p ON p."urlSuffix" = s."authProviderUrlSuffix"`,
  );
  const [found] = rows;
  if (!found) throw new Error('Argus is not connected.');
  const source = createHash('sha256').update(found.mailUrl).digest('base64url');
  return {
    providerId: found.id,
    tokenOrigin: originOf(found.tokenEndpointUrl),
    mailOrigin: originOf(found.mailUrl),
    fingerprint: `${found.version}/${source}`,
  };
}

async function seedUsers(client: pg.Client, vault: Vault, setup: Setup, order: SeedOrder, count: number) {
  const { providerId, tokenOrigin, mailOrigin, fingerprint } = setup;
  const signer = new Signer(signingSecrets(vault, 'sessions'));
  const inAnHour = new Date(Date.now() + 3600_000);
  const users = Array.from({ length: count }, () => {
    const accountId = randomUUID();
    const grantId = randomUUID();
    const linkKey = `bench-${accountId}@contoso.example`;
    const sessionId = randomBytes(24).toString('base64url');
    const place = { id: grantId, accountId, providerId, tokenOrigin, mailOrigin };
    const tokens = { accessToken: order.accessToken, refreshToken: order.refreshToken };
    // Later than now, so that it stays fresh for the whole run.
    const list = order.list && { ...order.list, fetchedAt: inAnHour.toISOString() };
    return {
      accountId,
      grantId,
      linkKey,
      username: `bench-${accountId}@argus.example`,
      storedSessionId: createHash('sha256').update(sessionId).digest('base64url'),
      session: {
        accountId,
        role: 'user',
        family: randomUUID(),
        passwordDigest: passwordDigestOf({ passwordHash: null }),
        cookie: {
          path: '/',
          httpOnly: true,
          secure: true,
          sameSite: 'lax',
          originalMaxAge: sessionLifeMs,
          expires: new Date(Date.now() + sessionLifeMs).toISOString(),
        },
      },
      sealedTokens: vault.seal(JSON.stringify(tokens), grantTokensPlace(place)),
      kept: list && vault.seal(JSON.stringify(list), keptMailPlace({ accountId, grantId, linkKey })),
      cookie: `${sessionCookieName}=${encodeURIComponent(signer.sign(sessionId))}`,
    };
  });
  const rows = JSON.stringify(users);
  await client.query(
    `INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
     SELECT (u->>'accountId')::uuid, u->>'username', u->>'username', u->>'username', u->>'username', now()
     FROM jsonb_array_elements($1::jsonb) AS u`,
    [rows],
  );
  await client.query(
    `INSERT INTO "Session" (id, "accountId", data, "expiresAt")
     SELECT u->>'storedSessionId', (u->>'accountId')::uuid, u->'session', $2 FROM jsonb_array_elements($1::jsonb) AS u`,
    [rows, new Date(Date.now() + sessionLifeMs)],
  );
  await client.query(
    `INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
     SELECT gen_random_uuid(), (u->>'accountId')::uuid, u->>'linkKey', u->>'linkKey', now() FROM jsonb_array_elements($1::jsonb) AS u`,
    [rows],
  );
  await client.query(
    `INSERT INTO "Grant" (id, "accountId", "providerId", status, "sealedTokens", "tokenOrigin", "mailOrigin", "accessExpiresAt",
       "microsoftAccount", "verifiedLinkKey", "authorizedAt", "updatedAt")
     SELECT (u->>'grantId')::uuid, (u->>'accountId')::uuid, $2::uuid, 'authorized', u->>'sealedTokens', $3, $4, $5,
       u->>'linkKey', u->>'linkKey', now(), now() FROM jsonb_array_elements($1::jsonb) AS u`,
    [rows, providerId, tokenOrigin, mailOrigin, inAnHour],
  );
  if (order.list) {
    await client.query(
      `INSERT INTO "MailCache" ("accountId", "grantId", "linkKey", fingerprint, sealed, "fetchedAt", "expiresAt")
       SELECT (u->>'accountId')::uuid, (u->>'grantId')::uuid, u->>'linkKey', $2, u->>'kept', $3, $4
       FROM jsonb_array_elements($1::jsonb) AS u`,
      [rows, fingerprint, inAnHour, new Date(inAnHour.getTime() + 3600_000)],
    );
  }
  return users.map(({ cookie }) => cookie);
}
