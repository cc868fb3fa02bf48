import { beforeEach, expect, test } from 'vitest';
import { testPassword } from '../support/build-app.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';
import { visitFrom } from '../support/visit-from.ts';

const wrong = 'not the password at all';

stageArgus({ trustedProxies: '127.0.0.1', signInRefusalMs: 600 });
beforeEach(() => argus.database.prisma.signInThrottle.deleteMany({}).then(() => {}));

test('ops T6: a company behind one address signs in while somebody there guesses, and nobody gets a second guess', async () => {
  const company = '203.0.113.80';
  const names = ['one', 'two', 'three'].map((name) => `${name}@argus.example`);
  for (const name of names) await argus.addAccount(name);
  const [one = '', two = '', three = ''] = names;
  const at = (address: string) => visitFrom(argus, address);
  for (let i = 0; i < 31; i += 1) await at(company).tries(`nobody${i}@argus.example`, wrong);
  // Whoever has not failed signs in, as often as they like.
  for (let i = 0; i < 3; i += 1) expect(await at(company).tries(one, testPassword)).toBe(200);
  // Whether a password was checked, the time does not tell, and a name without an account stores nothing.
  const since = performance.now();
  expect(await at(company).tries('nobody99@argus.example', wrong)).toBe(429);
  expect(performance.now() - since).toBeGreaterThan(590);
  // A wrong guess looks like one that was not checked, and was the only one, at whichever blocked address.
  expect(await at(company).tries(two, wrong)).toBe(429);
  expect(await at(company).tries(two, testPassword)).toBe(429);
  const other = '203.0.113.81';
  for (let i = 0; i < 31; i += 1) await at(other).tries(`nobody${i}@argus.example`, wrong);
  expect(await at(other).tries(two, testPassword)).toBe(429);
  // Elsewhere, and once the block has ended, all is as ever.
  expect(await at('203.0.113.82').tries(two, testPassword)).toBe(200);
  argus.advance(16 * 60_000);
  expect(await at(company).tries(three, wrong)).toBe(401);
  // Of many guesses at once at a blocked address, one is checked.
  for (let i = 0; i < 31; i += 1) await at(company).tries(`again${i}@argus.example`, wrong);
  await Promise.all(Array.from({ length: 10 }, () => at(company).tries(three, wrong)));
  const counter = await argus.database.prisma.signInThrottle.findFirst({
    where: { key: { startsWith: 'account:' }, failures: 2 },
  });
  expect(counter).not.toBeNull();
});

test('ops T6: a refusal at a blocked address says the same of an account as of a name without one', async () => {
  const [guesser, blocked] = ['203.0.113.90', '203.0.113.91'];
  await argus.addAccount('real@argus.example');
  for (let i = 0; i < 31; i += 1) await visitFrom(argus, blocked).tries(`nobody${i}@argus.example`, wrong);
  argus.advance(20_000);
  const ends = [];
  for (const name of ['real@argus.example', 'unreal@argus.example']) {
    for (let i = 0; i < 5; i += 1) await visitFrom(argus, guesser).tries(name, wrong);
    const body = { username: name, password: wrong };
    const { status, headers } = await visitFrom(argus, blocked).send('POST', '/api/session', body);
    ends.push([status, Math.round(Number(headers.get('retry-after')) / 10)]);
  }
  expect(ends[0]).toEqual(ends[1]);
  argus.advance(-20_000);
});
