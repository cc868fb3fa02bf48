import { endpointMap } from '@argus/contract/endpoint-map';
import { describe, expect, it } from 'vitest';
import { buildArgus } from '../support/build-app.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { security?: unknown; responses: Record<string, unknown> }>>;
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and holds every endpoint of the contract, and no other', async () => {
    const { body } = await admin.send('GET', '/api/openapi.json');
    const document = body as Document;
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(Object.keys(endpointMap).sort());
  });

  it('describes the problems of every endpoint, and requires a session for all but the public ones', async () => {
    const { body } = await admin.send('GET', '/api/openapi.json');
    for (const [key, endpoint] of Object.entries(endpointMap)) {
      const [method = '', path = ''] = key.split(' ');
      const described = (body as Document).paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(JSON.stringify(described?.responses.default), key).toContain('application/problem+json');
      expect(described?.security !== undefined, key).toBe(endpoint.access !== 'public');
    }
  });

  it('has a readable page', async () => {
    const page = await admin.send('GET', '/api/docs/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger-ui');
  });
});

const docs = [
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/',
  '/api/docs/json',
  '/api/docs/yaml',
  '/api/docs/static/index.html',
  '/api/docs/static/swagger-initializer.js',
  '/api/docs/static/swagger-ui-bundle.js',
  '/api/docs/static/swagger-ui.css',
];

describe('who may read it', () => {
  it.each(docs)('S-13: %s is only for administrators, HEAD included', async (path) => {
    const user = await argus.signedIn('taro@argus.example');
    for (const method of ['GET', 'HEAD']) {
      const [nobody, other] = [await argus.browser().send(method, path), await user.send(method, path)];
      expect([nobody.status, other.status]).toEqual([401, 403]);
      for (const reply of [nobody, other]) expect(reply.headers.get('content-type')).toContain('problem+json');
      expect((await admin.send(method, path)).status).toBeLessThan(400);
    }
  });

  it('S-13: it is open in the demo', async () => {
    const demo = await buildArgus({ config: { mode: 'demo' } });
    try {
      for (const path of ['/api/openapi.json', '/api/docs', '/api/docs/static/swagger-ui-bundle.js']) {
        expect((await demo.browser().send('GET', path)).status).toBe(200);
      }
    } finally {
      await demo.close();
    }
  });

  it('S-13: its page has the same content security policy as every other page', async () => {
    const policy = (await admin.send('GET', '/api/docs/')).headers.get('content-security-policy');
    expect(policy).toBe((await admin.send('GET', '/api/session')).headers.get('content-security-policy'));
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https:|swagger\.io|unsafe/);
    expect((await admin.send('GET', '/api/docs/static/swagger-initializer.js')).text).toContain('"validatorUrl":null');
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
