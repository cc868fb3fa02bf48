import type { FastifyInstance } from 'fastify';
import { endpoint } from '../../platform/http/endpoint.ts';
import type { Services } from '../../platform/services.ts';
import { listRemoteSites } from '../records/remote-sites.ts';
import { authProviderRoutes } from './auth-providers.ts';
import { coveredOrigins } from './covered-origins.ts';
import { impactRoutes } from './impact.ts';
import { originMoveRoutes } from './origin-moves.ts';
import { remoteSiteRoutes } from './remote-sites.ts';
import { settingsRoutes } from './settings.ts';

/** 基本設定, 認証プロバイダ and リモートサイト. None of these pages calls Microsoft. */
export async function setupRoutes(app: FastifyInstance, services: Services): Promise<void> {
  await settingsRoutes(app, services);
  await authProviderRoutes(app, services);
  await remoteSiteRoutes(app, services);
  await impactRoutes(app, services);
  await originMoveRoutes(app, services);

  endpoint(app, 'POST /api/admin/covered-origins', async ({ body, request }) => {
    const sites = await listRemoteSites(services.db);
    return { coverage: coveredOrigins(body.urls, sites, services.config, request.language) };
  });
}
