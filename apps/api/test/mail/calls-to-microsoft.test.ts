import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../support/build-app.ts';
import { callsTo, tokenCalls } from '../support/calm-microsoft.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

const path = '/api/new-arrivals';
const people = [demoUsers.taro, demoUsers.hanako, demoUsers.jiro];
const tabs = 3;
const minutes = 10;

let users: Browser[];
let other: Awaited<ReturnType<typeof startAnotherInstance>>;

stageConnected();
beforeAll(async () => {
  other = await startAnotherInstance(argus);
  users = [];
  for (const { userPrincipalName } of people) {
    const username = userPrincipalName.replace('contoso', 'argus');
    const user = await argus.signedIn(username);
    await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: userPrincipalName } });
    await user.authorize(userPrincipalName);
    users.push(user);
  }
});
afterAll(() => other?.close());
beforeEach(() => argus.fake.control.clearRequests());

/** Every tab of every user asks at the same time, each by the instance that the proxy happens to choose. */
async function everybodyAsks(instances: readonly string[], times = tabs): Promise<void> {
  const asking = users.flatMap((user) =>
    Array.from({ length: times }, (_, tab) => user.send('GET', `${instances[tab % instances.length]}${path}`)),
  );
  expect((await Promise.all(asking)).map(({ status }) => status)).toEqual(asking.map(() => 200));
}

describe('how often Microsoft is asked', () => {
  it('F3: once for the messages and once for the folder per user and refresh interval, however many tabs', async () => {
    for (let minute = 0; minute < minutes; minute += 1) {
      argus.advance(60_000);
      await everybodyAsks([argus.url]);
    }
    const messages = callsTo('/messages').length;
    expect(messages).toBe(people.length * minutes);
    expect(callsTo('/mailFolders/').length - messages).toBe(people.length * minutes);
    expect(tokenCalls()).toHaveLength(0);
  });

  it('F3: the token endpoint once per user and expiry', async () => {
    for (let expiry = 1; expiry <= 2; expiry += 1) {
      argus.advance(2 * 3600_000);
      await everybodyAsks([argus.url]);
      expect(tokenCalls()).toHaveLength(people.length * expiry);
    }
  });

  it('F8: two instances ask the token endpoint once for each expired grant, whoever asks at once', async () => {
    argus.advance(2 * 3600_000);
    await everybodyAsks([argus.url, other.url], 40);
    expect(tokenCalls()).toHaveLength(people.length);
  });
});
