import type { Db } from '../../platform/database/db.ts';

/** Whom to ask about a forgotten password, as 基本設定 (connection/records/settings.ts) say; undefined where they say nothing. */
export async function readSignInHelp(db: Db): Promise<string | undefined> {
  const settings = await db.settings.findUnique({ where: { id: 1 }, select: { signInHelp: true } });
  return settings?.signInHelp || undefined;
}
