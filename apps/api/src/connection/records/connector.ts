import type { Db } from '../../platform/database/db.ts';
import { type AuthProvider, findAuthProviderBySuffix } from './auth-providers.ts';
import { readSettings, type Settings } from './settings.ts';

/**
 * By what Argus reaches Microsoft at present. An administrator types the URL suffix of the provider, as in Salesforce: it may name
 * none (rows A1 and B3). Nothing else reads it.
 */
export interface Connector {
  readonly settings: Settings;
  readonly suffix: string;
  readonly provider: AuthProvider | null;
}

/** @param settings as they were read already, for whoever goes on with the same ones */
export async function readConnector(db: Db, settings?: Settings): Promise<Connector> {
  const present = settings ?? (await readSettings(db));
  const suffix = present.authProviderUrlSuffix;
  return { settings: present, suffix, provider: await findAuthProviderBySuffix(db, suffix) };
}

/** The id of the provider in use; null where there is none. */
export async function currentProviderId(db: Db): Promise<string | null> {
  return (await readConnector(db)).provider?.id ?? null;
}
