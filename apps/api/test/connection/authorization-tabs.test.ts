import { beforeEach, describe, expect, it } from 'vitest';
import { tokenCalls } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  await user.call('DELETE /api/authorization');
  // As ten minutes later: no cookies of earlier flows remain.
  for (const name of flowCookies()) user.cookies.delete(name);
  argus.fake.control.clearRequests();
});

const flowCookies = () => [...user.cookies.keys()].filter((name) => name.startsWith('__Host-argus-flow-'));

describe('several flows in one browser', () => {
  it('two tabs authorize concurrently, and both succeed, whichever returns first', async () => {
    const older = await user.consent(taroUpn);
    const newer = await user.consent(taroUpn);
    const replies = await Promise.all([user.send('GET', newer), user.send('GET', older)]);
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    for (const reply of replies) expect(await outcomeOf(user, reply)).toMatchObject({ result: 'authorized' });
    expect(flowCookies()).toEqual([]);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it('beyond five concurrent flows the oldest ends, and its cookie is removed', async () => {
    const paths: string[] = [];
    for (let i = 0; i < 6; i += 1) paths.push(await user.consent(taroUpn));
    expect(flowCookies()).toHaveLength(5);
    const [first = '', second = ''] = paths;
    expect((await user.send('GET', first)).status).toBe(400);
    expect((await user.send('GET', second)).status).toBe(303);
  });

  it('O08: the verifier of another flow, or a planted one, is refused', async () => {
    const [one, two] = [await user.consent(taroUpn), await user.consent(taroUpn)];
    const names = flowCookies();
    const [first = '', second = ''] = names.map((name) => user.cookies.get(name));
    // The cookie of the second flow under the name of the first.
    user.cookies.set(names[0] ?? '', second);
    expect((await user.send('GET', one)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
    user.cookies.set(names[1] ?? '', second.replace(/\..*$/, first.replace(/^.*\./, '.')));
    const planted = await user.send('GET', two);
    expect(await outcomeOf(user, planted)).toMatchObject({ result: 'failed' });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'not_authorized' });
  });
});
