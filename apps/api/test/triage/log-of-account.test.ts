import { beforeAll, expect, test } from 'vitest';
import { username } from '../support/linked-taro.ts';
import { admin, argus, stageLinkedTaro } from '../support/stage-argus.ts';

stageLinkedTaro();

let former: string;
let present: string;
const errors = async (accountId: string) =>
  (await admin.call('GET /api/admin/error-events', { query: { accountId } })).items.map(({ code }) => code);
const changes = async (accountId: string) =>
  (await admin.call('GET /api/admin/audit-events', { query: { accountId } })).items.map(
    ({ action, targetName }) => `${action} ${targetName}`,
  );

beforeAll(async () => {
  const { db } = argus.services;
  former = (await db.account.findFirstOrThrow({ where: { username } })).id;
  const { version, displayName, role } = await db.account.findUniqueOrThrow({ where: { id: former } });
  const met = { code: 'mail_timeout', params: {}, requestId: 'x', accountId: former, username, usernameKey: username };
  await db.errorEvent.create({
    data: { ...met, id: 'AAAA-AAAA', occurredAt: argus.services.now(), stage: 'mail' },
  });
  const [link] = (await admin.call('GET /api/admin/account-links')).items;
  await admin.call('DELETE /api/admin/account-links/:id', { params: { id: link?.id ?? '' } });
  await admin.proveSelf();
  await admin.call('PUT /api/admin/users/:id', {
    params: { id: former },
    body: { username: 'taro.former@argus.example', displayName, role, salesforceId: null, active: true, version },
  });
  const body = { username, displayName: 'another', role: 'user' as const, salesforceId: null };
  present = (await admin.call('POST /api/admin/users', { body: { ...body, password: 'correct horse battery' } })).id;
  // A name that only begins alike is another's.
  const longer = { ...body, username: `${username}.jp`, password: 'correct horse battery' };
  await admin.call('POST /api/admin/users', { body: longer });
});

test('S-15: the page of a user lists the errors of the account, not of the name', async () => {
  expect(await errors(former)).toEqual(['mail_timeout']);
  expect(await errors(present)).toEqual([]);
});

test('S-15: and the changes of the account, its link included, also of one that is gone since the account exists', async () => {
  expect(await changes(present)).toEqual([`user_created ${username}`]);
  expect(await changes(former)).toEqual(['user_changed taro.former@argus.example']);
  const link = { username, microsoftAccount: 'another@contoso.example' };
  const { id } = await admin.call('POST /api/admin/account-links', { body: link });
  await admin.call('DELETE /api/admin/account-links/:id', { params: { id } });
  expect(await changes(present)).toEqual([
    `account_link_deleted ${username}`,
    `account_link_created ${username}`,
    `user_created ${username}`,
  ]);
});
