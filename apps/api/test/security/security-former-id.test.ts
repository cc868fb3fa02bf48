import { expect, it } from 'vitest';
import { type Browser, testPassword } from '../support/build-app.ts';
import { argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();

/** A browser with the cookies that this one has now. */
function copyOf({ cookies }: Browser): Browser {
  const copy = argus.browser();
  for (const [name, value] of cookies) copy.cookies.set(name, value);
  return copy;
}

const sessionLines = (headers: Headers) =>
  headers.getSetCookie().filter((line) => line.startsWith('__Host-argus-session='));

it('S-14: a reply to a former id of the session takes no cookie away, whatever was asked for', async () => {
  const browser = argus.browser();
  await browser.signIn('admin@argus.example');
  const former = copyOf(browser);
  await browser.proveSelf(testPassword);
  for (const [method, path] of [
    ['GET', '/api/admin/notices'],
    ['GET', '/api/session'],
    ['GET', '/services/authcallback/Microsoft365'],
    ['POST', '/api/session/reauthentication'],
    ['DELETE', '/api/session'],
  ] as const) {
    const reply = await former.send(method, path, method === 'POST' ? { body: { password: testPassword } } : {});
    expect([path, sessionLines(reply.headers)]).toEqual([path, []]);
  }
  expect((await former.send('GET', '/api/admin/notices')).status).toBe(401);
  expect(await browser.call('GET /api/session')).toMatchObject({ user: { username: 'admin@argus.example' } });
});

it('S-14: nor does a reply to a cookie that Argus never signed', async () => {
  const stranger = argus.browser();
  stranger.cookies.set('__Host-argus-session', 'made up');
  expect(sessionLines((await stranger.send('GET', '/api/session')).headers)).toEqual([]);
});

it('S-14: signing in under a former id begins a session as from none, and signing out takes its cookie away', async () => {
  const browser = argus.browser();
  await browser.signIn('admin@argus.example');
  const former = copyOf(browser);
  await browser.proveSelf(testPassword);
  await former.signIn('admin@argus.example');
  expect(await former.call('GET /api/session')).toMatchObject({ user: { username: 'admin@argus.example' } });
  await former.call('DELETE /api/session');
  expect(former.cookies.has('__Host-argus-session')).toBe(false);
  expect(await browser.call('GET /api/session')).toMatchObject({ user: { username: 'admin@argus.example' } });
});
