import { randomUUID } from 'node:crypto';
import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actingBy } from '../../accounts/acting.ts';
import { accessOf, changeAs } from '../../accounts/standing-access.ts';
import { audit, changedFields } from '../../audit/audit.ts';
import type { AuditChange } from '../../audit/records/audit-events.ts';
import { type Db, uniqueViolation } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError, invalidFields, takenFields } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { adminConsentUrlOf } from '../oauth/admin-consent.ts';
import { callbackUrl, startUrl } from '../oauth/flow-addresses.ts';
import {
  type AuthProvider,
  consumerSecretPlace,
  countAuthorizedUsers,
  createAuthProvider,
  deleteAuthProvider,
  findAuthProvider,
  listAuthProviders,
  type StoredSecret,
  updateAuthProvider,
} from '../records/auth-providers.ts';
import { endAllFlows } from '../records/authorization-transactions.ts';
import { readConnector } from '../records/connector.ts';
import { forgetTokenWaits } from '../records/grant-waits.ts';
import { endPausesOfClient, suspendMovedGrants } from '../records/moved-grants.ts';
import { listRemoteSites } from '../records/remote-sites.ts';
import { lockSettings, readSettings } from '../records/settings.ts';
import { boundPlace, moveOf, originOf } from '../usable-grant.ts';
import { coveredOrigins } from './covered-origins.ts';
import { auditEndOfUse, guardConnection } from './guard-connection.ts';
import { type ParsedAuthProvider, parseAuthProvider } from './parse-auth-provider.ts';
import { coverageWarnings, endpointWarnings, resolutionWarnings, scopeWarnings, warning } from './warnings.ts';

const auditedFields = [
  'name',
  'urlSuffix',
  'consumerKey',
  'authorizeEndpointUrl',
  'tokenEndpointUrl',
  'issuer',
  'defaultScopes',
  'resource',
  'clientAuthentication',
  'consumerSecretExpiresOn',
] as const;

/** 認証プロバイダ. The consumer secret is write-only. */
export async function authProviderRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now, vault } = services;

  endpoint(app, 'GET /api/admin/auth-providers', async ({ request }) => ({
    items: await authProviderViews(services, await listAuthProviders(db), request.language),
  }));

  endpoint(app, 'GET /api/admin/auth-providers/:id', async ({ params, request }) => {
    const provider = await findAuthProvider(db, params.id);
    if (!provider) throw new AppError('not_found');
    return authProviderView(services, provider, request.language);
  });

  endpoint(app, 'POST /api/admin/auth-providers', async ({ body, request }) => {
    const parsed = parseAuthProvider(body);
    const id = randomUUID();
    const provider = await refusingTaken(() =>
      changeAs(db, accessOf(request), async (tx) => {
        const created = await guardConnection(tx, actingBy(request, now()), () =>
          createAuthProvider(tx, id, { ...parsed.fields, ...newSecret(id, parsed) }),
        );
        await audit(tx, request, 'auth_provider_created', {
          kind: 'auth_provider',
          id,
          name: created.name,
          changes: changesOf(null, created, parsed),
        });
        return created;
      }),
    );
    return savedView(provider, request.language);
  });

  endpoint(app, 'PUT /api/admin/auth-providers/:id', async ({ params, body, request }) => {
    const parsed = parseAuthProvider(body);
    const provider = await refusingTaken(() =>
      changeAs(db, accessOf(request), async (tx) => {
        const before = await findAuthProvider(tx, params.id);
        if (!before) throw new AppError('not_found');
        if (before.version !== body.version) throw new AppError('record_changed');
        const from = originOf(before.tokenEndpointUrl);
        const to = originOf(parsed.fields.tokenEndpointUrl);
        if (to !== from) {
          const hasSecret = before.sealedConsumerSecret !== null;
          if (hasSecret && parsed.consumerSecret === undefined) {
            throw invalidFields([{ field: 'consumerSecret', code: 'secret_for_new_origin', values: { origin: from } }]);
          }
        }
        const change = { ...parsed.fields, ...newSecret(before.id, parsed) };
        const after = await guardConnection(tx, actingBy(request, now()), () =>
          updateAuthProvider(tx, before.id, body.version, {
            ...change,
            // A new secret or date restarts the expiry warnings.
            ...(expiryDiffers(before, parsed) ? { secretWarnedDays: null } : {}),
          }),
        );
        if (!after) throw new AppError('record_changed');
        await audit(tx, request, 'auth_provider_changed', {
          kind: 'auth_provider',
          id: after.id,
          name: after.name,
          changes: changesOf(before, after, parsed),
        });
        // An administrator who fixes something sees at once whether it helped.
        await forgetTokenWaits(tx, after.id);
        if (after.consumerKey !== before.consumerKey) await endPausesOfClient(tx, after.id, after.consumerKey, now());
        const move = moveOf(before.tokenEndpointUrl, after.tokenEndpointUrl);
        if (move) await moveTokenEndpoint(tx, request, after, move);
        return after;
      }),
    );
    return savedView(provider, request.language);
  });

  endpoint(app, 'DELETE /api/admin/auth-providers/:id', async ({ params, request }) => {
    await changeAs(db, accessOf(request), async (tx) => {
      // A starting flow holds the settings: either it is seen here, or it sees that the provider is gone.
      await lockSettings(tx);
      const provider = await findAuthProvider(tx, params.id);
      if (!provider) throw new AppError('not_found');
      await auditEndOfUse(tx, request, provider);
      // Flows first: this waits for one that is just storing a grant.
      await endAllFlows(tx, provider.id);
      await deleteAuthProvider(tx, provider.id);
      const { id, name } = provider;
      await audit(tx, request, 'auth_provider_deleted', { kind: 'auth_provider', id, name });
    });
    return null;
  });

  /** Applies the move of a token endpoint to another origin or tenant: grants made for the old one are suspended. */
  async function moveTokenEndpoint(
    tx: Db,
    request: FastifyRequest,
    provider: AuthProvider,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<void> {
    const { id, name } = provider;
    const settings = await readSettings(tx);
    const place = boundPlace({ provider, settings });
    const suspended = await suspendMovedGrants(tx, now(), { providerId: id, ...place });
    await audit(tx, request, 'token_endpoint_moved', {
      kind: 'auth_provider',
      id,
      name,
      changes: [
        { field: 'tokenEndpointUrl', from, to },
        { field: 'suspendedGrants', from: null, to: String(suspended) },
      ],
    });
  }

  /**
   * The columns of a new secret, sealed to this provider and token endpoint. None where the form has no secret: what is stored stays, and
   * a value that was only read must not be written back, as `pnpm reseal` may have replaced it since.
   */
  function newSecret(id: string, { consumerSecret, fields }: ParsedAuthProvider): Partial<StoredSecret> {
    if (consumerSecret === undefined) return {};
    const secretOrigin = originOf(fields.tokenEndpointUrl);
    return {
      sealedConsumerSecret: vault.seal(consumerSecret, consumerSecretPlace(id, secretOrigin)),
      secretOrigin,
      consumerSecretSetAt: now(),
    };
  }

  /** The view after saving: it includes a DNS lookup, which no other page makes. */
  async function savedView(provider: AuthProvider, language: Language): Promise<AuthProviderView> {
    const view = await authProviderView(services, provider, language);
    const urls = (['authorizeEndpointUrl', 'tokenEndpointUrl'] as const).map((field) => ({
      field,
      url: provider[field],
    }));
    return { ...view, warnings: [...view.warnings, ...(await resolutionWarnings(urls, services.egress, language))] };
  }
}

/** Runs a write; a suffix that another provider has becomes an error at its field. */
async function refusingTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (uniqueViolation(error)) throw takenFields([{ field: 'urlSuffix', code: 'suffix_taken' }]);
    throw error;
  }
}

/** The changes for the audit log; of the secret only that it was set. */
function changesOf(
  before: AuthProvider | null,
  after: AuthProvider,
  { consumerSecret }: ParsedAuthProvider,
): AuditChange[] {
  const readable = (provider: AuthProvider) => ({
    ...provider,
    consumerSecretExpiresOn: dateText(provider.consumerSecretExpiresOn),
  });
  const nothing = Object.fromEntries(auditedFields.map((field) => [field, null])) as Record<
    (typeof auditedFields)[number],
    null
  >;
  const changes = changedFields(before ? readable(before) : nothing, readable(after), auditedFields);
  // Not by the sealed values: a reseal changes them as well.
  if (consumerSecret !== undefined) {
    const mask = '••••••••';
    changes.push({ field: 'consumerSecret', from: before?.sealedConsumerSecret ? mask : null, to: mask });
  }
  return changes;
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
    const warnings = coverageWarnings(coverage, language);
    // v1 endpoints, which name a resource, issue a refresh token without being asked.
    if (provider.resource === null && !provider.defaultScopes.split(' ').includes('offline_access')) {
      warnings.push(warning('defaultScopes', 'offline_access_missing', language));
    }
    if (sealedConsumerSecret === null) warnings.push(warning('consumerSecret', 'secret_missing', language));
    warnings.push(...endpointWarnings(provider, language));
    if (provider.id === inUse) warnings.push(...scopeWarnings('defaultScopes', provider, settings, language));
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

function expiryDiffers(before: AuthProvider, { consumerSecret, fields }: ParsedAuthProvider): boolean {
  return (
    consumerSecret !== undefined ||
    dateText(before.consumerSecretExpiresOn) !== dateText(fields.consumerSecretExpiresOn)
  );
}

function dateText(date: Date | null): string | null {
  return date?.toISOString().slice(0, 10) ?? null;
}
