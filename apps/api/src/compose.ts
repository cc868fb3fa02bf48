import { randomBytes } from 'node:crypto';
import { createGuardedFetch } from '@argus/egress/guarded-fetch';
import { demoAccounts } from './accounts/demo-accounts.ts';
import { countAccounts } from './accounts/records/accounts.ts';
import { saveFirstAdminInvitation } from './accounts/records/first-admin-invitations.ts';
import { rebindSeals } from './connection/rebind-seals.ts';
import { readPolicySites } from './connection/records/remote-sites.ts';
import { seedDemoCompany } from './demo/demo-company.ts';
import { type Config, withDemoKey } from './platform/config.ts';
import { type Database, openDatabase } from './platform/database/open-database.ts';
import { createMetrics } from './platform/metrics.ts';
import type { Services } from './platform/services.ts';
import { timedEgress } from './platform/timed-egress.ts';
import { checkVaultKeys } from './platform/vault/check-vault-keys.ts';
import { hashToken } from './platform/vault/hash-token.ts';
import { createVault } from './platform/vault/seal.ts';

const invitationLifeMs = 24 * 3600_000;

export interface Started {
  readonly services: Services;
  readonly database: Database;
  /** Printed for the operator: the demo accounts, or the link for the first administrator. */
  readonly notice: string;
}

/**
 * Opens the database, checks the vault keys and prepares an empty database for the first sign-in: with the demo
 * company, or in production with a one-time link for the first administrator.
 * @throws DatabaseStartFailure, VaultKeyError
 */
export async function startServices(given: Config): Promise<Started> {
  const { database: choice, http } = given;
  const metrics = createMetrics();
  const database = await openDatabase(
    choice.kind === 'pglite' ? { ...choice, servedAt: http.publicUrl } : choice,
    metrics.connectionWaited,
  );
  try {
    const config = withDemoKey(given);
    const vault = createVault(config.vaultKeys);
    const db = database.prisma;
    await checkVaultKeys(db, vault, config.vaultKeys);
    await rebindSeals(db, vault);
    const egress = createGuardedFetch({
      sites: () => readPolicySites(db),
      ...config.egress,
      userAgent: 'Argus/0.1',
    });
    if (database.kind === 'postgres') metrics.watchConnections(database.connections);
    const services: Services = {
      config,
      db,
      bulk: database.bulk,
      vault,
      egress: timedEgress(egress, metrics),
      metrics,
      now: () => new Date(),
    };
    return { services, database, notice: await prepareFirstSignIn(services) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function prepareFirstSignIn(services: Services): Promise<string> {
  const { config, db, now } = services;
  const empty = (await countAccounts(db)) === 0;
  if (config.mode === 'demo') {
    if (empty) await seedDemoCompany(services);
    const lines = demoAccounts.map(
      ({ username, password, displayName }) => `  ${username}  ${password}  (${displayName})`,
    );
    return `デモのアカウント (Salesforceアカウント、パスワード):\n${lines.join('\n')}\n`;
  }
  if (!empty) return '';
  const token = randomBytes(32).toString('base64url');
  await saveFirstAdminInvitation(db, hashToken(token), new Date(now().getTime() + invitationLifeMs));
  return `最初の管理者を作成してください (24時間有効、1回限り):\n  ${config.http.publicUrl}/first-admin#token=${token}\n`;
}
