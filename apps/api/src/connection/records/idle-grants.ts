import type { Db } from '../../platform/database/db.ts';
import type { BoundPlace, Grant } from './grants.ts';

/** A grant whose tokens were last renewed long ago, and its user. */
export interface IdleGrant {
  readonly grant: Grant;
  readonly username: string;
}

/**
 * Grants of a provider, authorized or refused for now, that were not refreshed since, untried ones first, then the
 * longest idle: a grant that always fails, and stops the run, does not block the others. Excluded are grants whose own
 * refresh failed recently, and grants that serve nobody: the account is inactive, its link was removed, or the link
 * names another account. If that is reverted, the grant is used as Microsoft still has it, or the user authorizes
 * again.
 */
export async function listIdleGrants(
  db: Db,
  providerId: string,
  limits: { refreshedBefore: Date; failedBefore: Date; now: Date; take: number; bound: BoundPlace },
): Promise<IdleGrant[]> {
  const { refreshedBefore, failedBefore, now, take, bound } = limits;
  // Raw SQL: Prisma cannot compare columns of two tables.
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT g.id FROM "Grant" AS g
      JOIN "Account" AS a ON a.id = g."accountId" AND a.active
      JOIN "AccountLink" AS l ON l."accountId" = a.id
    WHERE g."providerId" = ${providerId}::uuid AND g."sealedTokens" IS NOT NULL
      AND (g.status = 'authorized' OR g.status = 'reconnect_needed'
        AND g."tokenOrigin" = ${bound.tokenOrigin} AND g."mailOrigin" = ${bound.mailOrigin}
        AND (g."tenantId" IS NULL OR ${bound.tenantId ?? null}::text IS NULL OR lower(g."tenantId") = ${bound.tenantId ?? null}))
      AND g."refreshedAt" < ${refreshedBefore.toISOString()}::timestamptz
      AND (g."lastErrorAt" IS NULL OR g."lastErrorAt" < ${failedBefore.toISOString()}::timestamptz)
      AND (g."refreshNotBefore" IS NULL OR g."refreshNotBefore" <= ${now.toISOString()}::timestamptz)
      AND g."refutedLinkKey" IS DISTINCT FROM l."microsoftAccountKey"
    ORDER BY g."keptAliveAt" NULLS FIRST, g."refreshedAt", g.id LIMIT ${take}`;
  const rows = await db.grant.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    include: { account: { select: { username: true } } },
    orderBy: [{ keptAliveAt: { sort: 'asc', nulls: 'first' } }, { refreshedAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ account, ...grant }) => ({ grant, username: account.username }));
}
