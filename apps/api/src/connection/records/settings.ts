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
  /** One time budget for a whole portlet request or callback. */
  readonly totalTimeoutSeconds: number;
  /** How long the error log is kept. */
  readonly errorRetentionDays: number;
  /** After this long without a success, a user or the whole connection counts as faulty; 0 = off. */
  readonly noSuccessHours: number;
  /** Whom to ask about a forgotten password; '' = Argus' own words. The sign-in page reads it: accounts/records/sign-in-help.ts. */
  readonly signInHelp: string;
  readonly version: number;
  readonly updatedAt: Date;
}

/** What an administrator may change; a line that is not named stays as it is. */
export type SettingsChange = Omit<Settings, 'version' | 'updatedAt' | 'signInHelp'> &
  Partial<Pick<Settings, 'signInHelp'>>;

/** The settings of a new installation. */
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

/** The settings; a new installation stores the defaults first. */
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

/** Blocks changes of the set-up until the transaction ends, for work that relies on its current state. */
export async function holdSettings(tx: Db): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS held FROM "Settings" WHERE id = 1 FOR SHARE`;
}

/** Serializes changes of the set-up until the transaction ends. */
export async function lockSettings(tx: Db): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS locked FROM "Settings" WHERE id = 1 FOR UPDATE`;
}
