import type { Impact } from '@argus/contract/endpoints/connection/setup';
import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { FastifyInstance } from 'fastify';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { type AlertChannel, listAlertChannels } from '../records/alert-channels.ts';
import { type AuthProvider, countServedUsers, findAuthProvider, listAuthProviders } from '../records/auth-providers.ts';
import { readConnector } from '../records/connector.ts';
import { findRemoteSite, type RemoteSite } from '../records/remote-sites.ts';
import type { Settings } from '../records/settings.ts';

/**
 * Which users are affected if a remote site or an auth. provider goes: asked beforehand, from stored facts; nothing
 * is called.
 */
export async function impactRoutes(app: FastifyInstance, { db }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/remote-sites/:id/impact', async ({ params }) => {
    const site = await findRemoteSite(db, params.id);
    if (!site) throw new AppError('not_found');
    return impactOfSite(site, await readConnector(db), {
      providers: await listAuthProviders(db),
      channels: await listAlertChannels(db),
      served: await countServedUsers(db),
    });
  });

  endpoint(app, 'GET /api/admin/auth-providers/:id/impact', async ({ params }) => {
    const provider = await findAuthProvider(db, params.id);
    if (!provider) throw new AppError('not_found');
    return impactOfProvider(provider, await readConnector(db), await countServedUsers(db));
  });
}

type ServedUsers = ReadonlyMap<string, number>;

/** What is in use: the mail URL, and the provider. */
interface ConnectorInUse {
  readonly settings: Pick<Settings, 'mailUrl'>;
  readonly provider: Pick<AuthProvider, 'id'> | null;
}

interface Callers {
  readonly providers: readonly Pick<AuthProvider, 'id' | 'name' | 'tokenEndpointUrl'>[];
  readonly channels: readonly Pick<AlertChannel, 'name' | 'origin' | 'active'>[];
  readonly served: ServedUsers;
}

/**
 * Mail is fetched only with authorizations at the provider of 基本設定: the sites of its token endpoint and of the mail
 * URL affect its users. Authorizations at other providers are dormant; their sites affect nobody now.
 */
export function impactOfSite(
  site: Pick<RemoteSite, 'origin' | 'active'>,
  { settings, provider: current }: ConnectorInUse,
  { providers, channels, served }: Callers,
): Impact {
  if (!site.active) return { users: 0, uses: [] };
  const users = current ? (served.get(current.id) ?? 0) : 0;
  const calls = (url: string) => {
    const read = canonicalOrigin(url);
    return read.ok && read.origin === site.origin;
  };
  const uses: Impact['uses'] = [
    ...(calls(settings.mailUrl) ? [{ kind: 'mail_url' as const, name: '', users }] : []),
    ...providers
      .filter(({ tokenEndpointUrl }) => calls(tokenEndpointUrl))
      .map(({ id, name }) => ({ kind: 'token_endpoint' as const, name, users: id === current?.id ? users : 0 })),
    ...channels
      .filter(({ active, origin }) => active && origin === site.origin)
      .map(({ name }) => ({ kind: 'alert' as const, name, users: 0 })),
  ];
  return { users: Math.max(0, ...uses.map((use) => use.users)), uses };
}

/** Deleting a provider deletes every authorization at it, whether or not 基本設定 names the provider. */
export function impactOfProvider(
  provider: Pick<AuthProvider, 'id'>,
  { provider: current }: Pick<ConnectorInUse, 'provider'>,
  served: ServedUsers,
): Impact {
  const users = served.get(provider.id) ?? 0;
  return { users, uses: provider.id === current?.id ? [{ kind: 'settings', name: '', users }] : [] };
}
