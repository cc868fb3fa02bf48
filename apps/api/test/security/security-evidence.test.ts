import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { causeOf } from '../../src/error-log/records/error-cause-key.ts';
import { type Browser, testPassword } from '../support/build-app.ts';
import { calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { meetError } from '../support/meet-error.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro({ leastRefreshMs: 1_000 });

const formerName = 'taro.old@argus.example';
/** 山田 太郎, whose username another account gets. */
let taroId: string;
let namesakeId: string;
let namesake: Browser;
let errorId: string;

const db = () => argus.database.prisma;
const load = async (browser: Browser) => {
  argus.advance(20_000);
  const { body } = await browser.send('GET', '/api/new-arrivals?refresh=true');
  const { errorId: own, problem } = body as { errorId?: string; problem?: { errorId?: string } | null };
  return own ?? problem?.errorId;
};
const failing = async (browser: Browser) => {
  argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 404 });
  const id = await load(browser);
  calmMicrosoft();
  return id ?? '';
};
const causes = async () => (await admin.call('GET /api/admin/error-causes')).items;
async function usersOfCause() {
  const [cause] = await causes();
  const params = { id: String(cause?.id) };
  return (await admin.call('GET /api/admin/error-causes/:id/users', { params })).items;
}
const eventOf = async (id: string) =>
  (await admin.call('GET /api/admin/error-events', { query: { errorId: id } })).items[0];
const accountIn = (path: string | undefined) => new URL(path ?? '', argus.url).searchParams.get('for');

beforeAll(async () => {
  await user.authorize(taroUpn);
  await load(user);
  errorId = await failing(user);
  const { items } = await admin.call('GET /api/admin/users', { query: { q: username } });
  const { id, displayName, role, salesforceId, version } = items[0] as (typeof items)[number];
  taroId = id;
  const renamed = { username: formerName, displayName, role, salesforceId, active: true, version };
  await admin.call('PUT /api/admin/users/:id', { params: { id }, body: renamed });
  const body = { username, displayName: '別の太郎', role: 'user', salesforceId: null, password: testPassword } as const;
  namesakeId = (await admin.call('POST /api/admin/users', { body })).id;
  const microsoftAccount = demoUsers.hanako.userPrincipalName;
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount } });
  namesake = await argus.signedIn(username);
  await namesake.authorize(microsoftAccount);
  await load(namesake);
});
beforeEach(calmMicrosoft);
afterEach(() => db().doctorRun.deleteMany({}));

it('S-15: an error leads to the account that had it, under its present name, and not to who has the name now', async () => {
  const event = await eventOf(errorId);
  expect(event).toMatchObject({ username, accountId: taroId, presentUsername: formerName });
  const paths = event?.problem.admin?.causes.flatMap(({ mendAt }) => mendAt ?? []) ?? [];
  const named = paths.filter((path) => /[?&](for|q)=/.test(path));
  expect(named.length).toBeGreaterThan(0);
  for (const path of named) {
    const { searchParams } = new URL(path, argus.url);
    expect([taroId, formerName]).toContain(searchParams.get('for') ?? searchParams.get('q'));
  }
  const { entry } = await admin.call('GET /api/admin/error-catalogue/:code', {
    params: { code: event?.code ?? '' },
    query: { errorId },
  });
  expect(entry.causes.map(({ mendAt }) => mendAt)).toEqual(
    event?.problem.admin?.causes.map(({ mendAt }) => mendAt ?? null),
  );
});

it('S-15: the check whether it is mended diagnoses that account, and so does the check of a former run', async () => {
  const run = await admin.call('POST /api/admin/doctor-runs', { body: { username: null, accountId: taroId } });
  expect(run).toMatchObject({ username: formerName, accountId: taroId });
  expect(await db().doctorRun.findUniqueOrThrow({ where: { id: run.id } })).toMatchObject({ accountId: taroId });
  // A run from before the name went to somebody else.
  await db().doctorRun.update({ where: { id: run.id }, data: { username } });
  const former = await admin.call('GET /api/admin/doctor-runs/:id', { params: { id: run.id } });
  expect(former).toMatchObject({ username, accountId: taroId, presentUsername: formerName });
  const { items } = await admin.call('GET /api/admin/doctor-runs', { query: { username: formerName } });
  expect(items).toMatchObject([{ id: run.id, username, presentUsername: formerName }]);
  expect(await admin.call('GET /api/admin/diagnosed-accounts/:id', { params: { id: taroId } })).toEqual({
    id: taroId,
    username: formerName,
  });
});

it('S-15: a failed step of a run leads to its account', async () => {
  await change.site('graph', false);
  const { id } = await admin.call('POST /api/admin/doctor-runs', { body: { username: null, accountId: taroId } });
  const read = () => admin.call('GET /api/admin/doctor-runs/:id', { params: { id } });
  await expect.poll(async () => (await read()).state, { timeout: 20_000 }).toBe('ended');
  const paths = (await read()).steps.flatMap(({ problem }) => problem?.admin?.causes.map(({ mendAt }) => mendAt) ?? []);
  expect(paths.map(accountIn).filter((named) => named !== null)).toContain(taroId);
  await change.restore();
});

it('S-15: an incident counts the two accounts apart, and one’s success is not the other’s recovery', async () => {
  expect(await causes()).toMatchObject([{ users: 1, recoveredUsers: 0 }]);
  await failing(namesake);
  expect(await causes()).toMatchObject([{ users: 2, recoveredUsers: 0, events: 2 }]);
  await load(namesake);
  expect(await causes()).toMatchObject([{ users: 2, recoveredUsers: 1 }]);
  expect(await usersOfCause()).toMatchObject([
    { username, accountId: namesakeId, presentUsername: username, exists: true, events: 1 },
    { username, accountId: taroId, presentUsername: formerName, exists: true, events: 1 },
  ]);
  expect(await admin.call('GET /api/admin/overview')).toMatchObject({ openCauses: 1 });
});

it('S-15: whoever has an error under another name is the same user of the incident', async () => {
  await failing(user);
  const users = await usersOfCause();
  expect(users.map(({ accountId, events }) => [accountId, events])).toEqual([
    [taroId, 2],
    [namesakeId, 1],
  ]);
  expect(users[0]).toMatchObject({ username: formerName });
});

it('S-15: what the former version counts by the name joins what is counted by the account', async () => {
  const params = { suffix: 'Other' };
  const { key } = causeOf('mail_timeout', params);
  await meetError(argus, { code: 'mail_timeout', username: 'else@argus.example', params });
  const { id: causeId } = await db().errorCause.findUniqueOrThrow({ where: { key } });
  const at = new Date(argus.services.now().getTime() - 60_000);
  const older = { causeId, usernameKey: formerName, username: formerName, accountId: taroId, events: 3 };
  await db().errorCauseUser.create({ data: { ...older, firstAt: at, lastAt: at } });
  await meetError(argus, { code: 'mail_timeout', username: formerName, accountId: taroId, params });
  const rows = await db().errorCauseUser.findMany({ where: { causeId, accountId: taroId } });
  expect(rows).toMatchObject([{ username: formerName, events: 4, firstAt: at }]);
});

it('S-15: once the account is gone, its error leads to nobody, and nothing offers to check it', async () => {
  await db().account.delete({ where: { id: taroId } });
  const event = await eventOf(errorId);
  expect(event).toMatchObject({ username, accountId: taroId, presentUsername: null });
  const paths = event?.problem.admin?.causes.flatMap(({ mendAt }) => mendAt ?? []) ?? [];
  expect(paths.filter((path) => /[?&](for|q)=/.test(path))).toEqual([]);
  const body = { username: null, accountId: taroId };
  expect(await admin.fails('POST /api/admin/doctor-runs', { body })).toMatchObject({ code: 'not_found' });
  const params = { id: taroId };
  expect(await admin.fails('GET /api/admin/diagnosed-accounts/:id', { params })).toMatchObject({ code: 'not_found' });
  expect((await usersOfCause()).map(({ exists, presentUsername }) => [exists, presentUsername])).toEqual([
    [false, null],
    [true, username],
  ]);
});
