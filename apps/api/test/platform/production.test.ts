import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildArgus, type TestArgus, testPassword } from '../support/build-app.ts';

const publicUrl = 'https://argus.example.com';
let argus: TestArgus;
beforeAll(async () => {
  const http = { host: '127.0.0.1', port: 0, publicUrl, trustedProxies: [], drainSeconds: 0 };
  argus = await buildArgus({ config: { http } });
});
afterAll(() => argus.close());

describe('behind a proxy that ends TLS', () => {
  it('sets the Secure session cookie, even if no trusted proxy is named', async () => {
    await argus.addAccount('taro@argus.example');
    const headers = { host: 'argus.example.com', origin: publicUrl };
    const before = await argus.app.inject({ method: 'GET', url: '/api/session', headers });
    const [csrf] = before.cookies;
    const reply = await argus.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: {
        ...headers,
        cookie: `${csrf?.name}=${encodeURIComponent(csrf?.value ?? '')}`,
        'x-csrf-token': (before.json() as { csrfToken: string }).csrfToken,
      },
      payload: { username: 'taro@argus.example', password: testPassword },
    });
    expect(reply.statusCode).toBe(200);
    const cookie = [reply.headers['set-cookie']].flat().find((line) => line?.startsWith('__Host-argus-session='));
    for (const attribute of ['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax']) expect(cookie).toContain(attribute);
  });

  it('tells browsers to use https, for its own host only', async () => {
    const reply = await argus.app.inject({ method: 'GET', url: '/healthz' });
    expect(reply.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});
