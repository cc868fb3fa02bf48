import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { actingBy } from '../../accounts/acting.ts';
import { changeAs } from '../../accounts/standing-access.ts';
import { audit } from '../../audit/audit.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { adminConsentUrlOf } from '../oauth/admin-consent.ts';
import { callbackUrl, startUrl } from '../oauth/flow-addresses.ts';
import {
  type AuthProvider,
  countAuthorizedUsers,
  deleteAuthProvider,
  findAuthProvider,
  listAuthProviders,
} from '../records/auth-providers.ts';
import { endAllFlows } from '../records/authorization-transactions.ts';
import { readConnector } from '../records/connector.ts';
import { listRemoteSites } from '../records/remote-sites.ts';
import { lockSettings } from '../records/settings.ts';
import { coveredOrigins } from './covered-origins.ts';
import { guardDeletion } from './guard-connection.ts';
import { changeByForm, createByForm, dateText, refusingTaken } from './save-auth-provider.ts';
import { coverageWarnings, providerWarnings, resolutionWarnings, scopeWarnings, warning } from './warnings.ts';

/** 認証プロバイダ. The consumer secret is write-only. */
export async function authProviderRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now } = services;

  endpoint(app, 'GET /api/admin/auth-providers', async ({ request }) => ({
    items: await authProviderViews(services, await listAuthProviders(db), request.language),
  }));

  endpoint(app, 'GET /api/admin/auth-providers/:id', async ({ params, request }) => {
    const provider = await findAuthProvider(db, params.id);
    if (!provider) throw new AppError('not_found');
    return authProviderView(services, provider, request.language);
  });

  endpoint(app, 'POST /api/admin/auth-providers', async ({ body, request }) => {
    const by = actingBy(request, now());
    const provider = await refusingTaken(() => changeAs(db, by.access, (tx) => createByForm(tx, services, by, body)));
    return savedView(provider, request.language);
  });

  endpoint(app, 'PUT /api/admin/auth-providers/:id', async ({ params, body, request }) => {
    const by = actingBy(request, now());
    const provider = await refusingTaken(() =>
      changeAs(db, by.access, (tx) => changeByForm(tx, services, by, params.id, body)),
    );
    return savedView(provider, request.language);
  });

  endpoint(app, 'DELETE /api/admin/auth-providers/:id', async ({ params, request }) => {
    const by = actingBy(request, now());
    await changeAs(db, by.access, async (tx) => {
      // A starting flow holds the settings: either it is seen here, or it sees that the provider is gone.
      await lockSettings(tx);
      const provider = await findAuthProvider(tx, params.id);
      if (!provider) throw new AppError('not_found');
      await guardDeletion(tx, by, provider);
      // Flows first: this waits for one that is just storing a grant.
      await endAllFlows(tx, provider.id);
      await deleteAuthProvider(tx, provider.id);
      const { id, name } = provider;
      await audit(tx, by, 'auth_provider_deleted', { kind: 'auth_provider', id, name });
    });
    return null;
  });

  /** The view after saving: it includes a DNS lookup, which no other page makes. */
  async function savedView(provider: AuthProvider, language: Language): Promise<AuthProviderView> {
    const view = await authProviderView(services, provider, language);
    const urls = (['authorizeEndpointUrl', 'tokenEndpointUrl'] as const)
      .map((field) => ({ field, url: provider[field] }))
      .filter(({ url }) => url !== '');
    return { ...view, warnings: [...view.warnings, ...(await resolutionWarnings(urls, services.egress, language))] };
  }
}

async function authProviderView(
  services: Services,
  provider: AuthProvider,
  language: Language,
): Promise<AuthProviderView> {
  const [view] = await authProviderViews(services, [provider], language);
  if (!view) throw new AppError('not_found');
  return view;
}

/** The providers as an administrator sees them. Opens no sealed value, so that an unreadable one breaks no page. */
async function authProviderViews(
  { config, db }: Services,
  providers: readonly AuthProvider[],
  language: Language,
): Promise<AuthProviderView[]> {
  const sites = await listRemoteSites(db);
  const { settings, provider: current } = await readConnector(db);
  const inUse = current?.id ?? null;
  const authorizedUsers = await countAuthorizedUsers(db);
  const { publicUrl } = config.http;
  return providers.map((provider) => {
    const { sealedConsumerSecret, secretOrigin, consumerSecretSetAt, consumerSecretExpiresOn, updatedAt, ...rest } =
      provider;
    const tokenEndpoint = { field: 'tokenEndpointUrl', url: provider.tokenEndpointUrl };
    const coverage = coveredOrigins([tokenEndpoint], sites, config, language);
    const warnings = provider.unfinished
      ? [warning('name', 'provider_unfinished', language)]
      : [
          ...coverageWarnings(coverage, language),
          ...providerWarnings(provider, language),
          ...(provider.id === inUse ? scopeWarnings('defaultScopes', provider, settings, language) : []),
        ];
    return {
      ...rest,
      consumerSecretSetAt: consumerSecretSetAt?.toISOString() ?? null,
      consumerSecretExpiresOn: dateText(consumerSecretExpiresOn),
      callbackUrl: callbackUrl(publicUrl, provider.urlSuffix),
      startUrl: startUrl(publicUrl, provider.urlSuffix),
      adminConsentUrl: adminConsentUrlOf(provider, publicUrl),
      inUse: provider.id === inUse,
      authorizedUsers: authorizedUsers.get(provider.id) ?? 0,
      updatedAt: updatedAt.toISOString(),
      coverage,
      warnings,
    };
  });
}
