import type { FastifyInstance } from 'fastify';
import { endpoint } from '../platform/http/endpoint.ts';
import { embeddablePath } from '../platform/http/security-headers.ts';
import type { Services } from '../platform/services.ts';

/** 埋め込み: where the portlet is, and which sites may show it, as this process is configured. */
export async function embeddingRoutes(app: FastifyInstance, { config }: Pick<Services, 'config'>): Promise<void> {
  endpoint(app, 'GET /api/admin/embedding', async () => ({
    portletUrl: new URL(embeddablePath, config.http.publicUrl).href,
    origins: [...config.frameAncestors],
  }));
}
