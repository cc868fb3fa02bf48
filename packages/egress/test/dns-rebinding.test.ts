import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asFetch } from '../src/as-fetch.ts';
import { startDeadline } from '../src/deadline.ts';
import { EgressFailure } from '../src/egress-failure.ts';
import type { GuardedFetch } from '../src/guarded-fetch.ts';
import type { Resolve, ResolvedAddress } from '../src/vetted-lookup.ts';
import { addressesIn, call, closeAll, factOf, guarded, type LocalServer, serve, site } from './local-server.ts';

// Where loopback is allowed, 127.0.0.2 acts as the public host. 0.0.0.0 and ::ffff:127.0.0.1 are never allowed, and
// would reach the listener on 127.0.0.1 if anything connected to them: so nothing has to leave this machine.
const allowed = '127.0.0.2';
const forbidden = ['0.0.0.0', '::ffff:127.0.0.1'] as const;
const closed = '127.0.0.4';

let vetted: LocalServer;
let victim: LocalServer;
let origin: string;

beforeEach(async () => {
  vetted = await serve((_request, response) => response.setHeader('connection', 'close').end('vetted'), allowed);
  victim = await serve((_request, response) => response.end('victim'), '127.0.0.1', vetted.port);
  origin = `http://rebound.example:${vetted.port}`;
});
afterEach(closeAll);

const answer = (...addresses: readonly string[]): readonly ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** A resolver that returns these answers in turn, and then starts over. */
function flipping(...answers: readonly (readonly ResolvedAddress[])[]) {
  const given: (readonly ResolvedAddress[])[] = [];
  const resolve: Resolve = async () => {
    const next = answers[given.length % answers.length] ?? [];
    given.push(next);
    return next;
  };
  return { resolve, given };
}

/** The ways in which Argus calls a host: the guarded fetch, and its form for libraries. */
const ways: readonly (readonly [string, (guardedFetch: GuardedFetch) => Promise<string>])[] = [
  ['the guarded fetch', async (guardedFetch) => new TextDecoder().decode((await call(guardedFetch, origin)).body)],
  [
    'the fetch of libraries',
    async (guardedFetch) => {
      const reply = await asFetch(guardedFetch, { deadline: startDeadline(2000) })(origin, {
        method: 'GET',
        headers: {},
      });
      return reply.text();
    },
  ],
];

const kindOf = (error: unknown) =>
  error instanceof EgressFailure ? error.fact.kind : error instanceof Error ? error.message : String(error);

describe('S-held: DNS rebinding', () => {
  test('S-held: the forbidden addresses of this file would reach the listener', async () => {
    for (const [index, host] of forbidden.entries()) {
      const socket = connect(vetted.port, host);
      await once(socket, 'connect');
      socket.destroy();
      await expect.poll(() => victim.connections()).toBe(index + 1);
    }
  });

  test.each(ways)(
    'S-held: %s connects to the address that was checked, or to none, however the name changes',
    async (_, send) => {
      const answers = [
        answer(allowed),
        answer(forbidden[0]),
        answer(allowed),
        answer(forbidden[1]),
        answer(allowed, forbidden[0]),
        answer(forbidden[1], allowed),
        answer(closed, allowed),
        answer(closed, forbidden[0]),
        answer(allowed, allowed, forbidden[1]),
        answer(),
      ];
      const { resolve, given } = flipping(...answers);
      const guardedFetch = guarded([site(origin)], { resolve });
      for (let round = 0; round < 3 * answers.length; round += 1) {
        const before = { asked: given.length, reached: vetted.connections() };
        const outcome = await send(guardedFetch).catch(kindOf);
        // Resolved once per connection: a second query may get another answer.
        expect(given.length - before.asked, `round ${round}`).toBe(1);
        const addresses = given.at(-1)?.map(({ address }) => address) ?? [];
        const isDenied = addresses.some((address) => address !== allowed && address !== closed);
        const expected = isDenied ? 'address_denied' : addresses.length === 0 ? 'dns' : 'vetted';
        expect(outcome, `round ${round}: ${addresses}`).toBe(expected);
        expect(vetted.connections() - before.reached, `round ${round}`).toBe(expected === 'vetted' ? 1 : 0);
      }
      expect(victim.connections()).toBe(0);
    },
  );

  test.each(ways)(
    'S-held: in production %s is not led to this machine by a name that was public a moment before',
    async (_, send) => {
      for (const address of ['127.0.0.1', '::1', ...forbidden]) {
        const { resolve } = flipping(answer('93.184.216.34', '2606:2800:220:1::1'), answer(address));
        const guardedFetch = guarded([site(origin)], { resolve, privateNetwork: 'none' });
        // A check beforehand, as 接続診断 makes, sees a public host.
        const seen = await addressesIn(guardedFetch, { url: origin, deadline: startDeadline(2000) });
        expect(seen).toEqual(['93.184.216.34', '2606:2800:220:1::1']);
        expect(await guardedFetch.check(origin)).toMatchObject({ allowed: true });
        expect(await send(guardedFetch).catch(kindOf)).toBe('address_denied');
      }
      expect(victim.connections()).toBe(0);
      expect(vetted.connections()).toBe(0);
    },
  );

  test.each(ways)(
    'S-held: in production %s refuses public answers that include a private one, in any order',
    async (_, send) => {
      const mixed = ['93.184.216.34', '2606:2800:220:1::1', '127.0.0.1'];
      for (const shift of [0, 1, 2]) {
        const turned = [...mixed.slice(shift), ...mixed.slice(0, shift)];
        const guardedFetch = guarded([site(origin)], {
          resolve: flipping(answer(...turned)).resolve,
          privateNetwork: 'none',
        });
        expect(await send(guardedFetch).catch(kindOf), turned.join()).toBe('address_denied');
      }
      expect(victim.connections()).toBe(0);
    },
  );

  test('S-held: a kept-alive connection continues with the checked address, whatever the name resolves to meanwhile', async () => {
    const kept = await serve((_request, response) => response.end('kept'), '127.0.0.3');
    const url = `http://kept.example:${kept.port}`;
    const { resolve, given } = flipping(answer('127.0.0.3'), answer(forbidden[0]));
    const guardedFetch = guarded([site(url)], { resolve });
    for (let round = 0; round < 3; round += 1) {
      await call(guardedFetch, url).catch(() => {});
      await new Promise((done) => setTimeout(done, 30));
    }
    expect(kept.connections()).toBe(1);
    expect(given).toHaveLength(1);
    expect(await factOf(call(guarded([site(url)], { resolve }), url))).toMatchObject({ kind: 'address_denied' });
  });
});
