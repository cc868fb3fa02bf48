import { Prisma } from '../../generated/prisma/client.ts';
import { type Entitlement, type Holder, holderColumns, holderTables, isHeldBy, isHolder } from './entitlement.ts';
import type { Grant } from './grants.ts';

/** A user's stored mail with everything that decides whether it may be shown, as the database had it at one moment. */
interface KeptRow extends Holder {
  /** null where nothing is stored that the user is entitled to. */
  readonly grantId: string | null;
  readonly linkKey: string;
  readonly status: Grant['status'];
  readonly settingsVersion: number;
  readonly previewEnabled: boolean;
  readonly refreshIntervalSeconds: number;
  readonly unreadOnly: boolean;
  readonly fingerprint: string;
  readonly fetchedAt: Date;
  readonly keptUntil: Date;
  /** Changes whenever the row is written. */
  readonly mark: string;
  /** null where its mark is the one that was known. */
  readonly sealed: string | null;
}

export interface KeptAlongside extends Omit<KeptRow, 'grantId' | 'linkKey'> {
  readonly entitlement: Entitlement;
}

/**
 * Reads stored mail alongside the session. `asked.known` is the mark of a list that the process has opened already. xmin is the id of the transaction
 * that wrote the row; with account, grant, link and fingerprint it names one sealed value.
 */
export const keptAlongsideSql: string = Prisma.sql`
  SELECT ${holderColumns}, g.id::text AS "grantId", l."microsoftAccountKey" AS "linkKey", g.status::text AS status,
    s.version AS "settingsVersion", s."previewEnabled", s."refreshIntervalSeconds", s."unreadOnly",
    m.fingerprint, m."fetchedAt", m."expiresAt" AS "keptUntil", m.xmin::text AS mark,
    CASE WHEN m.xmin::text = asked.known THEN NULL ELSE m.sealed END AS sealed
  FROM ${holderTables}
    JOIN "MailCache" AS m ON m."accountId" = l."accountId" AND m."grantId" = g.id AND m."linkKey" = l."microsoftAccountKey"
  WHERE ${isHolder}`.text;

/** What was read alongside, where the user is entitled to it; null otherwise. */
export function readKeptAlongside(accountId: string, row: object): KeptAlongside | null {
  const { grantId, linkKey, ...kept } = row as KeptRow;
  if (grantId === null || !isHeldBy(kept)) return null;
  return { ...kept, entitlement: { accountId, grantId, linkKey } };
}
