import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { Db } from '../../platform/database/db.ts';
import { type BoundPlace, isRefused, isSuspended } from './grants.ts';

// Grants and the endpoints that they were made for: what a move suspends, and what it restores.

/** Grants of another tenant; one that named no tenant is of any. */
const ofOtherTenant = (tenantId: string | undefined) =>
  tenantId === undefined ? [] : [{ NOT: { tenantId: { equals: tenantId, mode: 'insensitive' as const } } }];
const ofTenant = (tenantId: string | undefined) =>
  tenantId === undefined
    ? {}
    : { OR: [{ tenantId: null }, { tenantId: { equals: tenantId, mode: 'insensitive' as const } }] };

const suspended: ErrorCode = 'mail_connection_moved';

/**
 * Suspends grants made for other origins or of another tenant than the current ones; restores those that fit again. A suspended grant
 * keeps its tokens, sealed to the origins they were made for.
 * @returns how many were suspended
 */
export async function suspendMovedGrants(
  tx: Db,
  now: Date,
  place: BoundPlace & { readonly providerId: string },
): Promise<number> {
  const { providerId, tenantId, ...bound } = place;
  const held = { providerId, sealedTokens: { not: null } };
  const elsewhere = [
    { tokenOrigin: { not: bound.tokenOrigin } },
    { mailOrigin: { not: bound.mailOrigin } },
    ...ofOtherTenant(tenantId),
  ];
  const { count } = await tx.grant.updateMany({
    where: {
      ...held,
      status: 'authorized',
      OR: elsewhere,
    },
    data: {
      status: 'reconnect_needed',
      lastErrorCode: suspended,
      lastErrorAt: now,
      refreshNotBefore: null,
      version: { increment: 1 },
    },
  });
  // A refresh of a refused grant that is about to take its lease was judged by the former endpoints.
  await tx.grant.updateMany({
    where: { ...held, ...isRefused, OR: elsewhere },
    data: { version: { increment: 1 } },
  });
  const restored = { ...held, ...bound, ...ofTenant(tenantId), ...isSuspended };
  await tx.grant.updateMany({ where: restored, data: { status: 'authorized', version: { increment: 1 } } });
  await tx.grant.updateMany({
    where: { ...held, ...bound, ...ofTenant(tenantId), lastErrorCode: suspended },
    data: { lastErrorCode: null, lastErrorAt: null },
  });
  return count;
}

/** A planned move of an endpoint: of one provider's token endpoint to another origin or tenant, or of the mail URL for all. */
export type EndpointMove =
  | {
      readonly field: 'tokenEndpointUrl';
      readonly providerId: string;
      readonly to: Pick<BoundPlace, 'tokenOrigin' | 'tenantId'>;
    }
  | { readonly field: 'mailUrl'; readonly to: Pick<BoundPlace, 'mailOrigin'> };

/** How many users would have to authorize again, some of them by name, and how many grants would become valid again. */
export async function previewMove(
  db: Db,
  move: EndpointMove,
  mostNames: number,
): Promise<{ readonly suspends: number; readonly names: readonly string[]; readonly restores: number }> {
  const suspends = { AND: [{ OR: [{ status: 'authorized' as const }, isRefused] }, { OR: elsewhereThan(move) }] };
  const restores = { ...isSuspended, ...at(move) };
  const named = await db.grant.findMany({
    where: suspends,
    select: { account: { select: { username: true } } },
    orderBy: { account: { displayNameKey: 'asc' } },
    take: mostNames,
  });
  return {
    suspends: await db.grant.count({ where: suspends }),
    names: named.map(({ account }) => account.username),
    restores: await db.grant.count({ where: restores }),
  };
}

function elsewhereThan(move: EndpointMove) {
  if (move.field === 'mailUrl') return [{ mailOrigin: { not: move.to.mailOrigin } }];
  const { providerId, to } = move;
  return [{ tokenOrigin: { not: to.tokenOrigin } }, ...ofOtherTenant(to.tenantId)].map((each) => ({
    providerId,
    ...each,
  }));
}

function at(move: EndpointMove) {
  if (move.field === 'mailUrl') return { mailOrigin: move.to.mailOrigin };
  const { providerId, to } = move;
  return { providerId, tokenOrigin: to.tokenOrigin, ...ofTenant(to.tenantId) };
}

/** Makes a refused grant authorized again after a refresh, unless its endpoints have moved meanwhile: then it is suspended. */
export async function reviveGrant(tx: Db, grantId: string, present: BoundPlace): Promise<void> {
  const { tenantId, ...origins } = present;
  await tx.grant.updateMany({
    where: { id: grantId, ...isSuspended, ...origins, ...ofTenant(tenantId) },
    data: { status: 'authorized', version: { increment: 1 } },
  });
}

/** Lets refused grants be tried again at once: the app that issued their tokens is asked again. */
export async function endPausesOfClient(tx: Db, providerId: string, clientId: string, now: Date): Promise<void> {
  const paused = { ...isRefused, refreshNotBefore: { gt: now } };
  await tx.grant.updateMany({ where: { providerId, clientId, ...paused }, data: { refreshNotBefore: now } });
}
