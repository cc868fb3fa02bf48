import type { Db } from '../../platform/database/db.ts';
import { findAuthProviderBySuffix } from './auth-providers.ts';
import { readSettings } from './settings.ts';

/** The id of the provider that 基本設定 names; null where there is none. */
export async function currentProviderId(db: Db): Promise<string | null> {
  const { authProviderUrlSuffix } = await readSettings(db);
  return (await findAuthProviderBySuffix(db, authProviderUrlSuffix))?.id ?? null;
}
