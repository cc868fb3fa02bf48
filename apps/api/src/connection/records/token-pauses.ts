import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import type { AuthProvider } from './auth-providers.ts';

type Endpoint = Pick<AuthProvider, 'id' | 'tokenEndpointUrl'>;

/** A token endpoint wants to be left alone: no grant is refreshed there before `until`. */
export interface TokenPause {
  /** The error that began it, as one purpose encountered it. */
  readonly code: string;
  readonly until: Date;
}

/** A refresh that the token endpoint answered by asking for patience. */
export interface BusyReply {
  readonly grant: { readonly id: string; readonly accountId: string };
  readonly code: string;
  readonly at: Date;
  /** How long all grants wait if more than one is affected, given the pause before it. Seconds. */
  readonly waitAfter: (formerSeconds: number | null) => number;
}

interface TokenPauseRow {
  readonly seconds: number;
  readonly until: Date | null;
  /** The only account whose grant was affected since the last pause. */
  readonly metBy: string | null;
  readonly metAt: Date | null;
}

/** Busy replies to two users further apart than this are not one fault. */
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
 * Counts a busy reply. A reply to one user may concern only that user, who then waits alone. If another user gets one
 * too, and no refresh has succeeded in between, the endpoint is busy for everybody.
 * @returns the pause that it began; null where it began none
 */
export async function noteBusyReply(db: Database, endpoint: Endpoint, reply: BusyReply): Promise<TokenPause | null> {
  const { id: providerId, tokenEndpointUrl } = endpoint;
  const { grant, code, at, waitAfter } = reply;
  return inTransaction(db, async (tx) => {
    // The reply of an endpoint that an administrator has just replaced says nothing about the present one.
    const [provider] = await tx.$queryRaw<{ url: string }[]>`
      SELECT "tokenEndpointUrl" AS url FROM "AuthProvider" WHERE id = ${providerId}::uuid FOR SHARE`;
    if (provider?.url !== tokenEndpointUrl) return null;
    // The same applies to the reply for a grant that its user has just replaced.
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
