import type { AlertKind } from '@argus/contract/endpoints/alerts';
import type { Text } from '@argus/contract/language';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/** An alert as it was told: enough to word its end when its condition is gone. */
export interface ToldAs {
  readonly kind: AlertKind;
  readonly title: Text;
  readonly path: string;
  /** The ids of the accounts that it is about, as far as its end depends on each; absent where they are too many. */
  readonly accounts?: readonly string[];
}

/** What a channel has been told of one condition. */
export interface ToldAlert {
  readonly key: string;
  readonly level: string;
  readonly alert: ToldAs;
  readonly beganAt: Date;
  readonly toldAt: Date;
  readonly endedAt: Date | null;
}

export async function listToldAlerts(db: Db, channelId: string): Promise<readonly ToldAlert[]> {
  const rows = await db.toldAlert.findMany({ where: { channelId } });
  return rows.map(({ alert, ...row }) => ({ ...row, alert: alert as unknown as ToldAs }));
}

/** The accounts whose ends any channel waits for. */
export async function listAwaitedAccounts(db: Db): Promise<readonly string[]> {
  const rows = await db.toldAlert.findMany({ where: { endedAt: null }, select: { alert: true } });
  return [...new Set(rows.flatMap(({ alert }) => (alert as unknown as ToldAs).accounts ?? []))];
}

/** Forgets what a channel was told; another place has not been sent anything either. */
export async function forgetTold(
  tx: Db,
  channelId: string,
  { isElsewhere }: { readonly isElsewhere: boolean },
): Promise<void> {
  if (isElsewhere) await tx.alertChannel.updateMany({ where: { id: channelId }, data: { lastSentAt: null } });
  await tx.toldAlert.deleteMany({ where: { channelId } });
}

/** What is to be stored once a channel has accepted a message. */
export interface Telling {
  readonly told: readonly ToldAlert[];
  /** Keys of which nothing more is to be remembered. */
  readonly forgotten: readonly string[];
}

export async function saveTelling(db: Db, channelId: string, { told, forgotten }: Telling): Promise<void> {
  for (const { key, alert, ...rest } of told) {
    const data = { ...rest, alert: alert as unknown as Prisma.InputJsonObject };
    const id = { channelId, key };
    await db.toldAlert.upsert({ where: { channelId_key: id }, create: { ...id, ...data }, update: data });
  }
  if (forgotten.length > 0) await db.toldAlert.deleteMany({ where: { channelId, key: { in: [...forgotten] } } });
}
