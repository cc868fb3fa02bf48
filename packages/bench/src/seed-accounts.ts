import pg from 'pg';

/** Links whose account gets a grant: every tenth. */
const grantEvery = 10;

/** The URL suffix of the auth provider that the seeded grants belong to. */
export const benchSuffix = 'Bench365';

/**
 * Adds to a migrated database `count` portal accounts, a link for each, and a grant for every tenth. The rows
 * are made so that no two orders agree, and so that searches meet their worst cases:
 * - `user…` begins every username; display names run against them; Microsoft 365 accounts are shuffled;
 * - the last tenth by username are all 山田, at the far end of that order; zeppelin is rare (500 rows);
 * - one grant in fifty is to be renewed, one in a hundred is a mismatch, one in ten was never used.
 * One account in a thousand is inactive, one in ten thousand an administrator. Takes about a minute per million rows.
 */
export async function seedAccounts(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(accounts, [count]);
    await client.query(links, [count]);
    const providerId = await seedProvider(client);
    await client.query(grants, [providerId, grantEvery]);
    await client.query('COMMIT');
    // As autovacuum would do soon after: counts are estimated from these statistics.
    for (const table of ['Account', 'AccountLink', 'Grant']) await client.query(`VACUUM (ANALYZE) "${table}"`);
  } finally {
    await client.end();
  }
}

const accounts = `
  INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", role, active, "updatedAt")
  SELECT gen_random_uuid(), username, username, name, name,
    CASE WHEN i % 10000 = 7 THEN 'admin' ELSE 'user' END::"Role", i % 1000 <> 3, now()
  FROM (
    SELECT i, 'user' || lpad(i::text, 7, '0') || '@argus.example' AS username,
      CASE WHEN i >= $1::int * 9 / 10 THEN '山田'
        WHEN i % ($1::int / 500 + 1) = 11 THEN 'zeppelin'
        ELSE (ARRAY['佐藤','鈴木','高橋','田中','伊藤','渡辺','中村','小林','加藤','吉田'])[1 + i % 10] END
      || ' ' || lpad(($1::int - i)::text, 7, '0') AS name
    FROM generate_series(0, $1::int - 1) AS i
  ) AS people`;

/** The number in a seeded username; null for any other. */
const numberOf = (key: string) => `substring(${key} from '^user([0-9]{7})@')::bigint`;

/** 7919 is prime, so every number occurs once unless `count` is a multiple of it. */
const links = `
  INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
  SELECT gen_random_uuid(), id, upn, upn, now() - shuffled * interval '37 seconds'
  FROM (
    SELECT id, shuffled, 'm' || lpad(shuffled::text, 7, '0') || '@contoso.example' AS upn
    FROM (
      SELECT id, ${numberOf('"usernameKey"')} * 7919 % $1::bigint AS shuffled
      FROM "Account" WHERE ${numberOf('"usernameKey"')} IS NOT NULL
    ) AS numbered
  ) AS named`;

const grants = `
  INSERT INTO "Grant" (id, "accountId", "providerId", status, "microsoftAccount", "verifiedLinkKey", "refutedLinkKey",
    "authorizedAt", "lastSuccessAt", "updatedAt")
  SELECT gen_random_uuid(), "accountId", $1::uuid, status, "microsoftAccount",
    CASE WHEN status <> 'mismatch' THEN "microsoftAccountKey" END,
    CASE WHEN status = 'mismatch' THEN "microsoftAccountKey" END,
    now(), CASE WHEN status <> 'mismatch' AND n % 10 <> 3 THEN now() - n * interval '11 seconds' END, now()
  FROM (
    SELECT *, (CASE WHEN n % 50 = 1 THEN 'reconnect_needed' WHEN n % 100 = 2 THEN 'mismatch' ELSE 'authorized' END)::"GrantStatus" AS status
    FROM (
      SELECT l.*, row_number() OVER (ORDER BY l.id) AS n FROM "AccountLink" l
      JOIN "Account" a ON a.id = l."accountId" WHERE ${numberOf('a."usernameKey"')} % $2::int = 0
    ) AS numbered
  ) AS judged`;

async function seedProvider(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO "AuthProvider" (id, name, "urlSuffix", "urlSuffixKey", "consumerKey", "authorizeEndpointUrl", "tokenEndpointUrl",
       "defaultScopes", "updatedAt")
     VALUES (gen_random_uuid(), 'bench', $1, lower($1), 'bench', 'https://login.example/authorize', 'https://login.example/token',
       'openid', now())
     RETURNING id`,
    [benchSuffix],
  );
  await client.query(
    `INSERT INTO "Settings" (id, "mailUrl", "authProviderUrlSuffix", "mailCount", "unreadOnly", "previewEnabled",
       "refreshIntervalSeconds", "connectTimeoutSeconds", "totalTimeoutSeconds", "updatedAt")
     VALUES (1, 'https://graph.example/messages', $1, 10, false, false, 60, 5, 10, now())
     ON CONFLICT (id) DO UPDATE SET "authProviderUrlSuffix" = $1`,
    [benchSuffix],
  );
  const [provider] = rows;
  if (!provider) throw new Error('The provider was not stored.');
  return provider.id;
}
