import { doctorStepIds } from '@argus/contract/endpoints/diagnosis';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { authorizeAnew, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { runDoctor, runSelfCheck, stepsThat } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  // The check of an earlier test no longer counts.
  argus.advance(6_000);
  await authorizeAnew();
});
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const eventCount = () => argus.services.db.errorEvent.count();

describe('a user’s own check', () => {
  it('without a fault, the text for the help desk says so, and nothing is in the error log', async () => {
    const before = await eventCount();
    const check = await runSelfCheck(user);
    expect(check).toMatchObject({ state: 'ended' });
    expect(check.problem).toBeUndefined();
    expect(check.steps.map(({ id }) => id)).toEqual([...doctorStepIds]);
    expect(stepsThat(check, 'failed')).toEqual([]);
    expect(check.helpDeskText).toContain('問題は見つかりませんでした');
    expect(check.helpDeskText).toContain('メールの取得: 成功');
    expect(await eventCount()).toBe(before);
  });

  it('a fault is logged once, however often it is viewed, and its ID leads the administrator to it', async () => {
    argus.fake.control.setSecretState('expired');
    const before = await eventCount();
    const { id } = await runSelfCheck(user);
    const read = () => user.call('GET /api/authorization/self-checks/:id', { params: { id } });
    const checks = await Promise.all(Array.from({ length: 5 }, read));
    expect(await eventCount()).toBe(before + 1);
    const text = checks[0]?.helpDeskText ?? '';
    const errorId = findErrorId(text);
    expect(errorId).toBe(checks[0]?.problem?.errorId);
    const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId: text } });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ errorId, username, code: checks[0]?.problem?.code });
    expect(items[0]?.problem.admin?.upstream?.aadstsCodes).toEqual([7000222]);
    expect(text).toContain('コンシューマの秘密: 失敗');
  });

  it('that ends while several people view it is one event, and everybody gets its ID', async () => {
    argus.fake.control.setSecretState('wrong');
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 200 });
    const before = await eventCount();
    const checks = await Promise.all(Array.from({ length: 4 }, () => runSelfCheck(user)));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(1);
    expect(new Set(checks.map(({ problem }) => problem?.errorId)).size).toBe(1);
    expect(checks[0]?.problem?.errorId).toBeDefined();
    expect(await eventCount()).toBe(before + 1);
  });

  it('within five seconds of the last one returns its result without calling Microsoft', async () => {
    const first = await runSelfCheck(user);
    argus.fake.control.clearRequests();
    argus.advance(3_000);
    expect(await runSelfCheck(user)).toMatchObject({ id: first.id, state: 'ended' });
    expect(argus.fake.control.requests()).toEqual([]);
    argus.advance(2_500);
    const later = await runSelfCheck(user);
    expect(later.id).not.toBe(first.id);
    // A new authorization leads to a new check.
    await user.authorize(taroUpn);
    expect((await runSelfCheck(user)).id).not.toBe(later.id);
  });

  it('an ordinary state has its text without an ID, and is not logged', async () => {
    await user.call('DELETE /api/authorization');
    const before = await eventCount();
    const check = await runSelfCheck(user);
    expect(check.problem).toMatchObject({ code: 'mail_not_authorized' });
    expect(check.problem?.errorId).toBeUndefined();
    expect(check.helpDeskText).toContain('mail_not_authorized');
    expect(findErrorId(check.helpDeskText ?? '')).toBeUndefined();
    expect(await eventCount()).toBe(before);
  });

  it('has no cause, place, address, fact or id, not even for an administrator', async () => {
    await change.site('graph', false);
    for (const browser of [user, admin]) {
      const check = await runSelfCheck(browser);
      const text = JSON.stringify(check);
      expect(check.problem?.admin).toBeUndefined();
      expect(Object.keys(check.steps[0] ?? {}).toSorted()).toEqual(['id', 'state']);
      expect(text).not.toMatch(/facts|latencyMs|objectId|upstream|causes|authorizeUrl/);
      expect(text).not.toContain(providerOf(argus.fake).consumerKey);
      expect(text).not.toContain(taroUpn);
    }
  });

  it('is in the language of its reader', async () => {
    const { id } = await runSelfCheck(user);
    const { body } = await user.send('GET', `/api/authorization/self-checks/${id}`, {
      headers: { 'accept-language': 'en' },
    });
    expect((body as { helpDeskText: string }).helpDeskText).toMatch(/found no problems[\s\S]*Fetching mail: OK$/);
  });

  it('nobody can read another user’s check, or a run without a user', async () => {
    const own = await runSelfCheck(user);
    const other = await argus.signedIn('other@argus.example');
    const general = await runDoctor(admin, null);
    for (const [browser, id] of [
      [other, own.id],
      [admin, own.id],
      [user, general.id],
      [other, general.id],
    ] as const) {
      expect(await browser.fails('GET /api/authorization/self-checks/:id', { params: { id } })).toMatchObject({
        code: 'not_found',
        status: 404,
      });
    }
    expect(await user.fails('GET /api/admin/doctor-runs/:id', { params: { id: own.id } })).toMatchObject({
      code: 'access_denied',
    });
  });

  it('is shown to an administrator in full, among the runs of the user', async () => {
    const own = await runSelfCheck(user);
    const { items } = await admin.call('GET /api/admin/doctor-runs', { query: { username } });
    expect(items[0]).toMatchObject({ id: own.id, startedBy: username });
  });
});
