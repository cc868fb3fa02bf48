import { randomUUID } from 'node:crypto';
import { demoAccounts } from '../accounts/demo-accounts.ts';
import { hashPassword } from '../accounts/password.ts';
import { createAccount } from '../accounts/records/accounts.ts';
import { createAccountLink } from '../connection/records/account-links.ts';
import { consumerSecretPlace, createAuthProvider } from '../connection/records/auth-providers.ts';
import { createRemoteSite } from '../connection/records/remote-sites.ts';
import { defaultSettings, readSettings, updateSettings } from '../connection/records/settings.ts';
import { originOf } from '../connection/usable-grant.ts';
import { type Db, inTransaction, uniqueViolation } from '../platform/database/db.ts';
import type { Services } from '../platform/services.ts';

/** The fake Microsoft 365 as set up for the demo; a test compares these with the fake's own values. */
export const demoMicrosoft = {
  tenantId: '6c1f8f3a-2b7d-4c59-9a53-7d0e5f1b2a90',
  clientId: '3f9a4c1e-5d62-4b0f-8e17-a2c6d9b04571',
  clientSecret: 'demo~8Q2tXw7Lr.not-a-secret_K5vZp',
  /** Portal account → Microsoft 365 account. 小林 五郎 has none on purpose: the portlet then explains what to do. */
  links: {
    'admin@argus.example': 'admin@contoso.example',
    'taro.yamada@argus.example': 'taro.yamada@contoso.example',
    'hanako.sato@argus.example': 'hanako.sato@contoso.example',
    'jiro.suzuki@argus.example': 'jiro.suzuki@contoso.example',
    'saburo.ito@argus.example': 'saburo.ito@contoso.example',
    // Microsoft capitalizes this one: アカウント情報 hints at it.
    'ichiro.tanaka@argus.example': 'ichiro.tanaka@contoso.example',
    'shiro.kato@argus.example': 'shiro.kato@contoso.example',
  },
} as const;

const urlSuffix = 'Microsoft365';

/**
 * Fills an empty database with the demo company: its accounts and, where the fake Microsoft 365 runs, the connection
 * to it. All or nothing; if another process does the same at this moment, one of the two suffices.
 */
export async function seedDemoCompany(services: Services): Promise<void> {
  const hashed = await Promise.all(
    demoAccounts.map(async ({ password, ...account }) => ({ ...account, passwordHash: await hashPassword(password) })),
  );
  try {
    await inTransaction(services.db, async (tx) => {
      const idOf = new Map<string, string>();
      for (const account of hashed) {
        const { id } = await createAccount(tx, { ...account, salesforceId: null });
        idOf.set(account.username, id);
      }
      if (!services.config.demo) return;
      await seedSetup(tx, services, services.config.demo);
      for (const [username, microsoftAccount] of Object.entries(demoMicrosoft.links)) {
        const accountId = idOf.get(username);
        if (accountId !== undefined) await createAccountLink(tx, accountId, microsoftAccount);
      }
    });
  } catch (error) {
    if (!uniqueViolation(error)) throw error;
  }
}

async function seedSetup(
  tx: Db,
  { vault, now }: Services,
  { loginUrl, graphUrl }: { loginUrl: string; graphUrl: string },
): Promise<void> {
  const { tenantId, clientId, clientSecret } = demoMicrosoft;
  const providerId = randomUUID();
  const tokenEndpointUrl = `${loginUrl}/${tenantId}/oauth2/v2.0/token`;
  const secretOrigin = originOf(tokenEndpointUrl);
  await createAuthProvider(tx, providerId, {
    name: 'Microsoft365',
    urlSuffix,
    consumerKey: clientId,
    sealedConsumerSecret: vault.seal(clientSecret, consumerSecretPlace(providerId, secretOrigin)),
    secretOrigin,
    consumerSecretSetAt: now(),
    consumerSecretExpiresOn: null,
    authorizeEndpointUrl: `${loginUrl}/${tenantId}/oauth2/v2.0/authorize`,
    tokenEndpointUrl,
    issuer: null,
    defaultScopes: 'openid profile email offline_access User.Read Mail.Read',
    resource: null,
    clientAuthentication: 'body',
    unfinished: false,
  });
  const sites = [
    { name: 'Microsoft_Login', url: loginUrl, description: 'デモ用 Microsoft 365 のサインイン' },
    { name: 'Microsoft_Graph', url: graphUrl, description: 'デモ用 Microsoft 365 のメール' },
  ];
  for (const { name, url, description } of sites) {
    const { origin } = new URL(url);
    await createRemoteSite(tx, { name, url: origin, origin, disableProtocolSecurity: true, active: true, description });
  }
  const { version } = await readSettings(tx);
  await updateSettings(tx, version, {
    ...defaultSettings,
    mailUrl: `${graphUrl}/v1.0/me/mailFolders/inbox/messages`,
    authProviderUrlSuffix: urlSuffix,
    previewEnabled: true,
  });
}
