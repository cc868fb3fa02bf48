import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import type { AuthProvider } from './auth-providers.ts';

type Endpoint = Pick<AuthProvider, 'id' | 'tokenEndpointUrl'>;

/** A token endpoint wants to be left alone: no grant is refreshed there before `until`. */
export interface TokenPause {
  /** The error that began it, as one purpose met it. */
  readonly code: string;
  readonly until: Date;
}

/** A refresh that the token endpoint answered by asking for patience. */
export interface BusyReply {
  readonly grant: { readonly id: string; readonly accountId: string };
  readonly code: string;
  readonly at: Date;
  /** How long all wait if this is not one grant's own matter, by the pause before it. Seconds. */
  readonly waitAfter: (formerSeconds: number | null) => number;
}

interface TokenPauseRow {
  readonly seconds: number;
  readonly until: Date | null;
  /** The only account whose grant met it since the last pause. */
  readonly metBy: string | null;
  readonly metAt: Date | null;
}

/** What two users meet further apart than this is not one fault. */
const sameFaultMs = 15 * 60_000;

/** The pause that is under way. */
export async function findTokenPause(
  db: Db,
  { id, tokenEndpointUrl }: Endpoint,
  now: Date,
): Promise<TokenPause | null> {
  const row = await db.tokenPause.findUnique({ where: { providerId: id } });
  if (!row || row.endpoint !== tokenEndpointUrl || row.until === null || row.until <= now) return null;
  return { code: row.code, until: row.until };
}

/**
 * Counts a busy reply. What one user meets may be their own matter, so they wait alone. Where another user meets it too, and none has
 * succeeded in between, the endpoint is busy for everybody.
 * @returns the pause that began by it; null where none did
 */
export async function noteBusyReply(db: Database, endpoint: Endpoint, reply: BusyReply): Promise<TokenPause | null> {
  const { id: providerId, tokenEndpointUrl } = endpoint;
  const { grant, code, at, waitAfter } = reply;
  return inTransaction(db, async (tx) => {
    // The reply of an endpoint that an administrator has just replaced says nothing about the present one.
    const [provider] = await tx.$queryRaw<{ url: string }[]>`
      SELECT "tokenEndpointUrl" AS url FROM "AuthProvider" WHERE id = ${providerId}::uuid FOR SHARE`;
    if (provider?.url !== tokenEndpointUrl) return null;
    // So does that of a grant which its user has just replaced.
    if ((await tx.grant.count({ where: { id: grant.id } })) === 0) return null;
    // One statement stores the row or locks it: a success may delete it at any moment.
    const [row] = await tx.$queryRaw<TokenPauseRow[]>`
      INSERT INTO "TokenPause" AS p ("providerId", endpoint, code, seconds) VALUES (${providerId}::uuid, ${tokenEndpointUrl}, ${code}, 0)
      ON CONFLICT ("providerId") DO UPDATE SET endpoint = EXCLUDED.endpoint
      RETURNING p.seconds, p.until, p."metBy", p."metAt"`;
    if (!row) throw new Error('an insert that updates returns a row');
    const save = (data: Partial<TokenPauseRow> & { code?: string }) =>
      tx.tokenPause.update({ where: { providerId }, data });
    if (row.until !== null && row.until > at) return null;
    const isOld = row.metAt !== null && at.getTime() - row.metAt.getTime() > sameFaultMs;
    if (row.metBy === null || isOld) {
      await save({ metBy: grant.accountId, metAt: at });
      return null;
    }
    if (row.metBy === grant.accountId) return null;
    const seconds = waitAfter(row.seconds === 0 ? null : row.seconds);
    const until = new Date(at.getTime() + seconds * 1000);
    await save({ code, seconds, until, metBy: null, metAt: null });
    return { code, until };
  });
}

/** A refresh has succeeded. A pause under way stays: the call may have been sent before it. */
export async function endBusyReplies(db: Db, providerId: string, now: Date): Promise<void> {
  await db.tokenPause.deleteMany({ where: { providerId, OR: [{ until: null }, { until: { lte: now } }] } });
}

/** The token endpoint answers, or another is called from now on. */
export async function forgetTokenPause(db: Db, providerId: string): Promise<void> {
  await db.tokenPause.deleteMany({ where: { providerId } });
}
