import { problemSchema } from '@argus/contract/problem';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';

/** OpenAPI 3.1, generated from the contract, at `/api/openapi.json`, with a readable page at `/api/docs`. */
export const apiDocs = fp(async (app) => {
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
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    uiConfig: { layout: 'BaseLayout', tryItOutEnabled: false, supportedSubmitMethods: [] },
    theme: { title: 'Argus API' },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
});
