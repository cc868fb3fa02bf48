import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { asFetch } from '../src/as-fetch.ts';
import { startDeadline } from '../src/deadline.ts';
import { EgressFailure } from '../src/egress-failure.ts';
import { closeAll, guarded, serve, serveTcp, site } from './local-server.ts';

afterEach(closeAll);

const urlOf = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;
const kindOf = (error: unknown) => (error instanceof EgressFailure ? error.fact.kind : String(error));

describe('the guarded fetch with the signature of the standard one', () => {
  test('sends method, headers and a form as a library gives them, as the user agent Argus, and returns a Response', async () => {
    const seen: unknown[] = [];
    const server = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { 'user-agent': agent, 'x-own': own, 'content-type': type } = request.headers;
      seen.push(request.method, agent, own, type, body);
      response.writeHead(400, { 'x-id': '7' }).end('{"error":"x"}');
    });
    const fetch = asFetch(guarded([site(urlOf(server))]), { deadline: startDeadline(2000) });
    const reply = await fetch(urlOf(server), {
      method: 'POST',
      headers: { 'user-agent': 'a library', 'x-own': 'kept', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ code: 'a b&c' }),
    });
    expect([reply.status, reply.ok, reply.headers.get('x-id'), await reply.json()]).toEqual([
      400,
      false,
      '7',
      { error: 'x' },
    ]);
    expect(seen).toEqual(['POST', 'argus-test', 'kept', 'application/x-www-form-urlencoded', 'code=a+b%26c']);
  });

  test('applies the list, the size cap and the deadline to a library', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(100)));
    const deadline = startDeadline(2000);
    const get = { method: 'GET', headers: {} };
    expect(await asFetch(guarded([]), { deadline })(urlOf(server), get).catch(kindOf)).toBe('site_not_registered');
    const listed = guarded([site(urlOf(server))]);
    expect(await asFetch(listed, { deadline, maxBytes: 99 })(urlOf(server), get).catch(kindOf)).toBe('too_large');
    expect(await asFetch(listed, { deadline: startDeadline(0) })(urlOf(server), get).catch(kindOf)).toBe('timeout');
    await expect(asFetch(listed, { deadline })(urlOf(server), { ...get, method: 'TRACE' })).rejects.toThrow(TypeError);
  });

  test('accepts an empty reply, and refuses one that no client could read', async () => {
    const server = await serve((_request, response) => response.writeHead(204).end());
    const fetch = asFetch(guarded([site(urlOf(server))]), { deadline: startDeadline(2000) });
    expect((await fetch(urlOf(server), { method: 'GET', headers: {} })).status).toBe(204);
    const odd = await serveTcp((socket) => {
      once(socket, 'data').then(() => socket.end('HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n'));
    });
    const oddUrl = urlOf(odd);
    const oddFetch = asFetch(guarded([site(oddUrl)]), { deadline: startDeadline(2000) });
    expect(await oddFetch(oddUrl, { method: 'GET', headers: {} }).catch(kindOf)).toBe('protocol');
  });
});
