import { globalCloud } from '@argus/contract/clouds';
import type { Db } from '../../platform/database/db.ts';

/** 基本設定 */
export interface Settings {
  /** 「URL」: the mail endpoint. */
  readonly mailUrl: string;
  readonly authProviderUrlSuffix: string;
  /** 1 to 50. */
  readonly mailCount: number;
  readonly unreadOnly: boolean;
  readonly previewEnabled: boolean;
  /** 0 = off. */
  readonly refreshIntervalSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** One budget for a whole portlet request or callback. */
  readonly totalTimeoutSeconds: number;
  /** How long the error log is kept. */
  readonly errorRetentionDays: number;
  /** Without a success for this long, a user and the whole connection count as faulty; 0 = off. */
  readonly noSuccessHours: number;
  readonly version: number;
  readonly updatedAt: Date;
}

export type SettingsChange = Omit<Settings, 'version' | 'updatedAt'>;

/** What a new installation begins with. */
export const defaultSettings: SettingsChange = {
  mailUrl: `${globalCloud.graphRoots[0]}/v1.0/me/mailFolders/inbox/messages`,
  authProviderUrlSuffix: '',
  mailCount: 10,
  unreadOnly: false,
  previewEnabled: false,
  refreshIntervalSeconds: 60,
  connectTimeoutSeconds: 5,
  totalTimeoutSeconds: 10,
  errorRetentionDays: 90,
  noSuccessHours: 72,
};

/** The settings; on a new installation their defaults, which are then stored. */
export async function readSettings(db: Db): Promise<Settings> {
  const found = await db.settings.findUnique({ where: { id: 1 } });
  if (found) return found;
  await db.settings.createMany({ data: [{ id: 1, ...defaultSettings }], skipDuplicates: true });
  return db.settings.findUniqueOrThrow({ where: { id: 1 } });
}

/** Changes the settings if they are still at `version`; null where somebody else changed them first. */
export async function updateSettings(db: Db, version: number, change: SettingsChange): Promise<Settings | null> {
  const { count } = await db.settings.updateMany({
    where: { id: 1, version },
    data: { ...change, version: { increment: 1 } },
  });
  return count === 0 ? null : readSettings(db);
}

/** Makes changes of the set-up wait until the transaction ends, for whoever relies on it as it is. */
export async function holdSettings(tx: Db): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS held FROM "Settings" WHERE id = 1 FOR SHARE`;
}

/** Makes changes of the set-up wait for each other, until the transaction ends. */
export async function lockSettings(tx: Db): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS locked FROM "Settings" WHERE id = 1 FOR UPDATE`;
}
