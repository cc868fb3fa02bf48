import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/build-app.ts';
import { company, linkFile, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, readFile, sendFile, settled, undo, upload } from '../support/csv-upload.ts';
import { hangOnLink, untilHanging } from '../support/hang-on-write.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);
let second: Browser;

stageCompany(['taro', 'hanako', 'jiro', 'second']);
beforeAll(async () => {
  await company.argus.database.prisma.account.updateMany({
    where: { usernameKey: usernameOf('second') },
    data: { role: 'admin' },
  });
  second = await company.argus.signedIn(usernameOf('second'));
});

const begin = (browser: Browser, { id, planVersion }: CsvImportView) =>
  browser.send('POST', `/api/admin/csv-imports/${id}/apply`, { body: { planVersion, removals: null } });

/** Keeps the row of a link locked, as a running statement would, until the release. */
async function lockLink(id: string): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const held = company.argus.database.prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "AccountLink" WHERE id = ${id}::uuid FOR UPDATE`;
      locked();
      await released;
    },
    { timeout: 15_000 },
  );
  await isLocked;
  return async () => {
    release();
    await held;
  };
}

describe('CSV取込: two at once', () => {
  test('CSV13: of two concurrent imports of the same links one wins, and the other reports it', async () => {
    for (let round = 0; round < 4; round += 1) {
      await company.reset();
      const mine = await upload(company.admin, linkFile(['taro', 'mine@contoso.example']));
      const theirs = await upload(second, linkFile(['taro', 'theirs@contoso.example']));
      const replies = await Promise.all([begin(company.admin, mine), begin(second, theirs)]);
      const ends = [await settled(company.admin, mine.id), await settled(second, theirs.id)];
      expect(ends.filter(({ state }) => state === 'applied')).toHaveLength(1);
      const loser = ends.findIndex(({ state }) => state === 'ready');
      expect([mine.id, theirs.id]).toContain(ends[loser]?.id);
      // Refused at once, or admitted after the first had ended, and refused by the plan.
      const reply = replies[loser];
      const code = reply?.status === 409 ? (reply.body as { code: string }).code : ends[loser]?.problem?.code;
      expect(['csv_import_running', 'csv_import_outdated']).toContain(code);
      expect(await company.links()).toEqual({
        taro: loser === 0 ? 'theirs@contoso.example' : 'mine@contoso.example',
      });
      const count = await company.argus.database.prisma.auditEvent.count({
        where: { action: 'csv_import_applied', targetId: { in: [String(mine.id), String(theirs.id)] } },
      });
      expect(count).toBe(1);
    }
  });

  test('CSV13: one import that is applied ten times at once is applied once', async () => {
    const found = await upload(company.admin, linkFile(['taro', 'taro@contoso.example']));
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => begin(i % 2 ? second : company.admin, found)),
    );
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const { status } of replies) expect([202, 409]).toContain(status);
    expect(await settled(company.admin, found.id)).toMatchObject({ state: 'applied' });
  });

  test.runIf(onPostgres)(
    'CSV13: while one is applied, others are refused with 409 and the name of the importing administrator',
    async () => {
      await company.link({ taro: 'taro@contoso.example', jiro: 'jiro@contoso.example' });
      const mine = await upload(company.admin, linkFile(['taro', 'changed@contoso.example']));
      const theirs = await upload(second, linkFile(['hanako', 'hanako@contoso.example']));
      const applied = await upload(second, linkFile(['jiro', 'jiro@contoso.example']));
      await apply(second, applied);
      await second.proveSelf();
      const release = await hangOnLink(company.argus.database, 'changed@contoso.example');
      expect((await begin(company.admin, mine)).status).toBe(202);
      // Until it waits half-way, holding the lock that single changes check.
      await untilHanging(company.argus.database);
      const running = { status: 409, code: 'csv_import_running' };
      const said = ['admin@argus.example が取り込みを実行しています。', '完了してから、もう一度操作してください。'];
      const change = await second.call('GET /api/admin/account-links', { query: { q: 'jiro' } });
      const [link] = change.items;
      const { items: users } = await second.call('GET /api/admin/users', { query: { q: 'hanako' } });
      const [user] = users;
      if (!link || !user) throw new Error('nobody to change');
      const attempts = {
        apply: () =>
          second.fails('POST /api/admin/csv-imports/:id/apply', {
            params: { id: String(theirs.id) },
            body: { planVersion: theirs.planVersion, removals: null },
          }),
        undo: () => second.fails('POST /api/admin/csv-imports/:id/undo', { params: { id: String(applied.id) } }),
        add: () =>
          second.fails('POST /api/admin/account-links', {
            body: { username: usernameOf('hanako'), microsoftAccount: 'h@contoso.example' },
          }),
        change: () =>
          second.fails('PUT /api/admin/account-links/:id', {
            params: { id: link.id },
            body: { microsoftAccount: 'j@contoso.example', version: link.version },
          }),
        remove: () => second.fails('DELETE /api/admin/account-links/:id', { params: { id: link.id } }),
        addUser: () =>
          second.fails('POST /api/admin/users', {
            body: {
              username: 'newcomer@argus.example',
              displayName: 'Newcomer',
              role: 'user',
              salesforceId: null,
              password: 'correct horse battery',
            },
          }),
        setPassword: () =>
          second.fails('PUT /api/admin/users/:id/password', {
            params: { id: user.id },
            body: { password: 'correct horse battery' },
          }),
        invite: () => second.fails('POST /api/admin/users/:id/invitation', { params: { id: user.id } }),
        inviteAll: () =>
          second.fails('POST /api/admin/invitations', { body: { q: '', role: null, timeZone: 'Asia/Tokyo' } }),
        changeUser: () =>
          second.fails('PUT /api/admin/users/:id', {
            params: { id: user.id },
            body: {
              username: user.username,
              displayName: 'Changed',
              role: user.role,
              salesforceId: null,
              active: true,
              version: user.version,
            },
          }),
      };
      try {
        for (const [name, attempt] of Object.entries(attempts)) {
          const problem = await attempt();
          expect(problem, name).toMatchObject({ ...running, lines: said });
        }
        // Reading a file or the tables is not blocked.
        expect(await upload(second, linkFile(['hanako', 'x@contoso.example']))).toMatchObject({ state: 'ready' });
        expect(await company.links()).toMatchObject({ taro: 'taro@contoso.example' });
      } finally {
        await release();
      }
      expect(await settled(company.admin, mine.id)).toMatchObject({ state: 'applied' });
      expect(await apply(second, theirs)).toMatchObject({ state: 'applied' });
      expect(await undo(second, applied)).toMatchObject({ state: 'undone' });
      await company.link({ jiro: 'elsewhere@contoso.example' }).catch(() => {});
      await second.call('DELETE /api/admin/account-links/:id', { params: { id: link.id } });
      expect(await company.links()).toEqual({ hanako: 'hanako@contoso.example', taro: 'changed@contoso.example' });
    },
  );

  test.runIf(onPostgres)(
    'an import waits for a change by another administrator, and fails as a whole if the lock stays',
    async () => {
      const ids = await company.link({ taro: 'taro@contoso.example', hanako: 'hanako@contoso.example' });
      const found = await upload(
        company.admin,
        linkFile(['taro', 'a@contoso.example'], ['hanako', 'b@contoso.example']),
      );
      const release = await lockLink(ids.hanako ?? '');
      await begin(company.admin, found);
      const ended = await settled(company.admin, found.id);
      await release();
      expect(ended).toMatchObject({ state: 'failed', problem: { code: 'csv_import_interrupted' }, readable: true });
      expect(await company.links()).toEqual({ hanako: 'hanako@contoso.example', taro: 'taro@contoso.example' });
      const again = await readFile(company.admin, found.id);
      expect(await apply(company.admin, again)).toMatchObject({ state: 'applied' });
    },
  );

  test('several administrators import concurrently, and each gets the preview of their own file', async () => {
    const files = Array.from({ length: 5 }, (_, file) =>
      Array.from({ length: 300 * (file + 1) }, (_, i) => [`f${file}u${i}`, `f${file}u${i}@contoso.example`] as const),
    );
    const found = await Promise.all(
      files.map((rows, i) => upload(i % 2 ? second : company.admin, linkFile(...rows), { createAccounts: true })),
    );
    expect(found.map(({ state, counts }) => [state, counts?.added])).toEqual(
      files.map((rows) => ['ready', rows.length]),
    );
  });

  test('while long imports run, a file waits for its turn, and parts of others are accepted', async () => {
    const { bulk } = company.argus.services;
    const busy = [1, 2, 3].map(() =>
      bulk.session((session) => (bulk.exclusive ? Promise.resolve([]) : session.query('SELECT pg_sleep(6)'))),
    );
    const { id } = await sendFile(second, linkFile(['taro', 'taro@contoso.example']));
    expect(await readFile(second, id)).toMatchObject({ state: 'ready', counts: { added: 1 } });
    await Promise.all(busy);
  });
});
