import pg from 'pg';
import { seedAccounts } from './seed-accounts.ts';

export const seededUsers = 100_000;
const causes = 200;
/** The events are spread over this many days. */
const days = 90;

/**
 * Adds to a migrated database that many linked users (a hundred thousand), and `count` events of 200 incidents over 90 days; a
 * tenth of the incidents has more than half of the events. Everybody is authorized; one in ten has fetched no mail
 * for four days.
 */
export async function seedErrors(databaseUrl: string, count: number, users = seededUsers): Promise<void> {
  await seedAccounts(databaseUrl, users);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(everybodyAuthorized);
    await client.query(errorCauses, [causes]);
    await client.query(`SELECT setval(pg_get_serial_sequence('"ErrorCause"', 'id'), $1::int)`, [causes]);
    await client.query(events, [count, causes, users, days]);
    await client.query(causeUsers);
    await client.query(causeHours);
    await client.query('COMMIT');
    for (const table of ['Grant', 'ErrorEvent', 'ErrorCause', 'ErrorCauseUser', 'ErrorCauseHour']) {
      await client.query(`VACUUM (ANALYZE) "${table}"`);
    }
  } finally {
    await client.end();
  }
}

const everybodyAuthorized = `
  INSERT INTO "Grant" (id, "accountId", "providerId", status, "microsoftAccount", "verifiedLinkKey", "authorizedAt",
    "lastSuccessAt", "lastErrorAt", "updatedAt")
  SELECT gen_random_uuid(), l."accountId", p.id, 'authorized', l."microsoftAccount", l."microsoftAccountKey",
    now() - interval '60 days', now() - (CASE WHEN n % 10 = 0 THEN interval '4 days' ELSE interval '0' END) - n * interval '1 second',
    CASE WHEN n % 20 = 0 THEN now() END, now()
  FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM "AccountLink") AS l CROSS JOIN "AuthProvider" p
  ON CONFLICT ("accountId", "providerId") DO UPDATE SET status = 'authorized',
    "authorizedAt" = EXCLUDED."authorizedAt", "lastSuccessAt" = EXCLUDED."lastSuccessAt", "lastErrorAt" = EXCLUDED."lastErrorAt"`;

const errorCauses = `
  INSERT INTO "ErrorCause" (id, key, code, suffix, origin, "firstAt", "sinceAt", "lastAt", "lastErrorId")
  SELECT i, 'bench' || i, (ARRAY['mail_timeout','mail_unauthorized','mail_rejected','mail_not_found','mail_upstream_error',
    'mail_access_denied','mail_throttled','authorization_timeout','authorization_rejected','internal_error'])[1 + i % 10],
    'Bench365', 'https://graph' || i || '.example', now(), now(), now(), ''
  FROM generate_series(1, $1::int) AS i`;

/** Squaring a fraction makes the first incidents frequent and the last ones rare. */
const events = `
  INSERT INTO "ErrorEvent" (id, code, username, "usernameKey", "accountId", stage, params, upstream, "requestId", "causeId", "occurredAt")
  SELECT substr(e.hex, 1, 4) || '-' || substr(e.hex, 5, 6), c.code, a.username, a."usernameKey", a.id, 'messages',
    jsonb_build_object('suffix', c.suffix, 'origin', c.origin, 'status', 503),
    '{"stage":"messages","status":503,"graphCodes":["serviceNotAvailable"],"requestId":"8c1b5a0e-0000-4000-8000-000000000000"}'::jsonb,
    'bench', c.id, now() - (i::float8 / $1::int) * $4::int * interval '1 day'
  FROM (
    SELECT i, upper(lpad(to_hex(i), 10, '0')) AS hex, 1 + floor(($2::int - 1) * power(random(), 3))::int AS cause,
      floor(random() * $3::int)::int AS person
    FROM generate_series(1, $1::int) AS i OFFSET 0
  ) AS e
  JOIN "ErrorCause" c ON c.id = e.cause
  JOIN (SELECT id, username, "usernameKey", row_number() OVER (ORDER BY "usernameKey") - 1 AS n FROM "Account"
    WHERE "usernameKey" LIKE 'user%') AS a ON a.n = e.person`;

const causeUsers = `
  INSERT INTO "ErrorCauseUser" ("causeId", "usernameKey", username, "accountId", "firstAt", "lastAt", events)
  SELECT "causeId", "usernameKey", min(username), min("accountId"::text)::uuid, min("occurredAt"), max("occurredAt"), count(*)
  FROM "ErrorEvent" GROUP BY "causeId", "usernameKey"`;

const causeHours = `
  WITH hours AS (
    INSERT INTO "ErrorCauseHour" ("causeId", hour, events)
    SELECT "causeId", date_trunc('hour', "occurredAt"), count(*) FROM "ErrorEvent" GROUP BY 1, 2
  )
  UPDATE "ErrorCause" c SET "firstAt" = e.first, "sinceAt" = e.first, "lastAt" = e.last, "lastErrorId" = e.id
  FROM (SELECT "causeId", min("occurredAt") AS first, max("occurredAt") AS last,
    (array_agg(id ORDER BY "occurredAt" DESC))[1] AS id FROM "ErrorEvent" GROUP BY "causeId") AS e
  WHERE e."causeId" = c.id`;
