import { problemSchema } from '@argus/contract/errors/problem';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Collects OpenAPI 3.1 from the contract's endpoints, as they are registered. */
export const apiDescription = fp(async (app) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Argus',
        version: '0.1.0',
        description:
          'Every error is a problem (RFC 9457) whose `code` is permanent. Requests that change something carry the CSRF token of GET /api/session as x-csrf-token.',
      },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-argus-session' } },
      },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        ...(route.config?.access === 'public' ? {} : { security: [{ session: [] }] }),
        response: {
          ...(schema?.response as object | undefined),
          default: {
            description: 'Problem details (RFC 9457)',
            content: { 'application/problem+json': { schema: problemSchema } },
          },
        },
      },
    }),
  });
});

/**
 * The description at `/api/openapi.json`, and a readable page at `/api/docs`. The enclosing scope decides who may
 * read them.
 */
export async function apiDocs(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // Every other page's policy suffices for this one.
    staticCSP: false,
    uiConfig: { layout: 'BaseLayout', tryItOutEnabled: false, supportedSubmitMethods: [], validatorUrl: null },
    theme: { title: 'Argus API' },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
