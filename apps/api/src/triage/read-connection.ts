import { currentProviderId } from '../connection/records/connector.ts';
import { readSettings } from '../connection/records/settings.ts';
import type { Db } from '../platform/database/db.ts';
import { type ConnectionSummary, summarizeConnection } from './records/silent-users.ts';

/** Which provider's users may not be silent, and for how long. */
export interface SilenceRule {
  /** The current provider; null: 基本設定 names none that exists. */
  readonly providerId: string | null;
  readonly noSuccessHours: number;
  /** A user whose last success is before this is silent; null: silence is not a fault. */
  readonly cutoff: Date | null;
}

/** The whole connection through the current provider. */
export interface Connection extends ConnectionSummary, SilenceRule {
  /** Users have been authorized for longer than 基本設定 allows, and nobody has had a success for as long. */
  readonly silent: boolean;
}

const nobody: ConnectionSummary = {
  authorizedUsers: 0,
  lastSuccessAt: null,
  silentUsers: 0,
  silentUsersWhoTried: 0,
  silentSince: null,
};

export async function readSilenceRule(db: Db, now: Date): Promise<SilenceRule> {
  const { noSuccessHours } = await readSettings(db);
  const cutoff = noSuccessHours === 0 ? null : new Date(now.getTime() - noSuccessHours * 3600_000);
  return { providerId: await currentProviderId(db), noSuccessHours, cutoff };
}

/** Only reads the database. */
export async function readConnection(db: Db, rule: SilenceRule): Promise<Connection> {
  const { providerId, cutoff } = rule;
  const summary = providerId === null ? nobody : await summarizeConnection(db, providerId, cutoff);
  const { silentUsers, lastSuccessAt } = summary;
  const silent = cutoff !== null && silentUsers > 0 && (lastSuccessAt === null || lastSuccessAt < cutoff);
  return { ...summary, ...rule, silent };
}
