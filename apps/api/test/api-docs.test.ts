import { endpointMap } from '@argus/contract/endpoint-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildArgus, type TestArgus } from './build-app.ts';

let argus: TestArgus;
beforeAll(async () => {
  argus = await buildArgus();
});
afterAll(() => argus.close());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { security?: unknown; responses: Record<string, unknown> }>>;
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and holds every endpoint of the contract, and no other', async () => {
    const { body } = await argus.browser().send('GET', '/api/openapi.json');
    const document = body as Document;
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(Object.keys(endpointMap).sort());
  });

  it('says of every endpoint that it answers problems, and of all but the public ones that they need a session', async () => {
    const { body } = await argus.browser().send('GET', '/api/openapi.json');
    for (const [key, endpoint] of Object.entries(endpointMap)) {
      const [method = '', path = ''] = key.split(' ');
      const described = (body as Document).paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(JSON.stringify(described?.responses.default), key).toContain('application/problem+json');
      expect(described?.security !== undefined, key).toBe(endpoint.access !== 'public');
    }
  });

  it('has a readable page', async () => {
    const page = await argus.browser().send('GET', '/api/docs/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger-ui');
  });
});

describe('health', () => {
  it('answers without a session, and sets no cookie', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const reply = await argus.browser().send('GET', path);
      expect(reply.status).toBe(200);
      expect(reply.headers.getSetCookie()).toEqual([]);
    }
  });
});
