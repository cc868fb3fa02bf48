import { beforeEach, expect, test } from 'vitest';
import { type Browser, suffix } from '../support/build-app.ts';
import { admin, argus, stageLinkedTaro, user as taro } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  await argus.database.prisma.errorEvent.deleteMany({});
  await argus.database.prisma.errorCause.deleteMany({});
  // The start of a new minute.
  argus.advance(60_000 - (argus.services.now().getTime() % 60_000));
});

/** Encounters a logged error, by a made-up address. */
async function fail(user: Browser): Promise<string> {
  const reply = await user.send('GET', '/services/auth/oauth/NoSuchSuffix');
  const id = reply.headers.get('location')?.split('/').at(-1) ?? '';
  const { problem } = await user.call('GET /api/authorization/outcomes/:id', { params: { id } });
  return problem?.errorId ?? '';
}

test('stores thirty a minute per user and error; beyond that the user sees the ID of the last of them', async () => {
  const events = () => argus.database.prisma.errorEvent.count();
  const ids: string[] = [];
  for (let i = 0; i < 40; i += 1) ids.push(await fail(taro));
  expect(new Set(ids).size).toBe(30);
  expect(new Set(ids.slice(29)).size).toBe(1);
  expect(await events()).toBe(30);
  const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId: ids.at(-1) ?? '' } });
  expect(items).toMatchObject([{ errorId: ids[29], username: 'taro@argus.example' }]);
  // Neither another user nor another error is limited.
  expect(ids).not.toContain(await fail(await argus.signedIn('jiro@argus.example')));
  await taro.send('GET', `/services/authcallback/${suffix}?code=x&state=y`);
  expect(await events()).toBe(32);
  argus.advance(60_000);
  expect(ids).not.toContain(await fail(taro));
  expect(await events()).toBe(33);
});

test('replies that a browser can forge are at most twenty incidents, and one for all others', async () => {
  for (let i = 0; i < 25; i += 1) {
    const start = await taro.send('GET', `/services/auth/oauth/${suffix}`);
    const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: `made_up_${i}`, state });
    expect((await taro.send('GET', `/services/authcallback/${suffix}?${query}`)).status).toBe(303);
  }
  const { items } = await admin.call('GET /api/admin/error-causes');
  expect(items).toHaveLength(21);
  for (const item of items) expect(item).toMatchObject({ code: 'authorization_redirect_error', uncatalogued: true });
  expect(items.filter(({ signature }) => signature === null)).toMatchObject([{ events: 5, users: 1 }]);
  expect(items.filter(({ signature }) => signature?.startsWith('made_up_'))).toHaveLength(20);
});
