import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';
import { apply, readFile, rowsOf, sendFile, undo, upload } from '../support/csv-upload.ts';

const header = 'Salesforceアカウント,Microsoft365アカウント';
const c1 = 'エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。';

let argus: TestArgus;
let admin: Browser;
const people = ['taro', 'hanako', 'jiro', 'saburo', 'shiro', 'goro'];

beforeAll(async () => {
  argus = await buildArgus();
  admin = await argus.connect();
  for (const name of people) await argus.addAccount(`${name}@argus.example`);
});
afterAll(() => argus?.close());
beforeEach(async () => {
  const db = argus.database.prisma;
  await db.accountLink.deleteMany({});
  await db.grant.deleteMany({});
  await db.csvImportRow.deleteMany({});
  await db.csvImport.deleteMany({});
  await db.account.deleteMany({
    where: { usernameKey: { notIn: [...people, 'admin'].map((name) => `${name}@argus.example`) } },
  });
});

/** username → Microsoft 365 account, as they are linked now. */
async function links(): Promise<Record<string, string>> {
  const found = await argus.database.prisma.accountLink.findMany({ include: { account: true } });
  return Object.fromEntries(
    found
      .map((link) => [link.account.username.split('@')[0] ?? '', link.microsoftAccount] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

async function link(given: Record<string, string>): Promise<void> {
  for (const [name, microsoftAccount] of Object.entries(given)) {
    await admin.call('POST /api/admin/account-links', {
      body: { username: `${name}@argus.example`, microsoftAccount },
    });
  }
}

const file = (...rows: [string, string][]) =>
  [
    header,
    ...rows.map(([name, microsoft]) => `${name.includes('@') ? name : `${name}@argus.example`},${microsoft}`),
  ].join('\r\n');

describe('CSV取込: from the file to the plan', () => {
  test('the preview says what is added, changed, respelled and unchanged, with the lines of the file', async () => {
    await link({ taro: 'taro@contoso.example', hanako: 'hanako@contoso.example', jiro: 'jiro@contoso.example' });
    const found = await upload(
      admin,
      file(
        ['taro', 'taro@contoso.example'],
        ['hanako', 'Hanako@Contoso.example'],
        ['jiro', 'jiro.suzuki@contoso.example'],
        ['saburo', 'saburo@contoso.example'],
      ),
    );
    expect(found).toMatchObject({ state: 'ready', encoding: 'utf-8', separator: ',', problem: null });
    expect(found.counts).toEqual({
      error: 0,
      added: 1,
      changed: 1,
      respelled: 1,
      unchanged: 1,
      removed: 0,
      unmatched: 0,
      accountsCreated: 0,
      disconnected: 0,
    });
    expect(await rowsOf(admin, found, 'changed')).toMatchObject([
      {
        line: 4,
        username: 'jiro@argus.example',
        cells: [
          { header: 'Salesforceアカウント', from: 'jiro@argus.example', to: 'jiro@argus.example' },
          { header: 'Microsoft365アカウント', from: 'jiro@contoso.example', to: 'jiro.suzuki@contoso.example' },
        ],
      },
    ]);
    expect(await links()).toEqual({
      hanako: 'hanako@contoso.example',
      jiro: 'jiro@contoso.example',
      taro: 'taro@contoso.example',
    });
    expect(await apply(admin, found)).toMatchObject({
      state: 'applied',
      problem: null,
      progress: { rowsDone: 3, rowsTotal: 3 },
    });
    expect(await links()).toEqual({
      hanako: 'Hanako@Contoso.example',
      jiro: 'jiro.suzuki@contoso.example',
      saburo: 'saburo@contoso.example',
      taro: 'taro@contoso.example',
    });
  });

  test('CSV04: a leading 「ユーザ名」 is refused with C1 in its words, and one call imports without it', async () => {
    const content = `ユーザ名,${header}\r\n山田 太郎,taro@argus.example,taro@contoso.example\r\n`;
    const refused = await upload(admin, content);
    expect(refused).toMatchObject({ state: 'refused', readable: true, refusal: { repair: 'drop_display_only' } });
    expect(refused.problem?.lines).toEqual([c1]);
    expect(refused.problem?.admin).toMatchObject({ row: 'C1', causes: [{ place: '取り込みを実行したCSVファイル' }] });
    const ready = await readFile(admin, refused.id, { dropDisplayOnly: true });
    expect(ready).toMatchObject({ state: 'ready', counts: { added: 1, error: 0 } });
    await apply(admin, ready);
    expect(await links()).toEqual({ taro: 'taro@contoso.example' });
  });

  test('CSV18: undo restores the state before, row for row', async () => {
    await link({ taro: 'taro@contoso.example', hanako: 'hanako@contoso.example', jiro: 'jiro@contoso.example' });
    const before = await argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } });
    const ready = await upload(
      admin,
      file(['taro', 'hanako@contoso.example'], ['hanako', 'taro@contoso.example'], ['goro', 'goro@contoso.example']),
      { mode: 'replace' },
    );
    expect(ready.counts).toMatchObject({ changed: 2, added: 1, removed: 1, error: 0 });
    expect(await apply(admin, ready)).toMatchObject({ state: 'applied' });
    expect(await links()).toEqual({
      goro: 'goro@contoso.example',
      hanako: 'taro@contoso.example',
      taro: 'hanako@contoso.example',
    });
    expect(await undo(admin, ready)).toMatchObject({ state: 'undone', problem: null });
    const after = await argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } });
    const facts = (rows: typeof before) => rows.map(({ version, updatedAt, ...row }) => row);
    expect(facts(after)).toEqual(facts(before));
  });

  test('CSV11: while a long file is read, progress is reported and other pages are served', async () => {
    await link({ taro: 'taro@contoso.example' });
    const rows = Array.from({ length: 40_000 }, (_, i): [string, string] => [`u${i}`, `u${i}@contoso.example`]);
    const { id } = await sendFile(admin, file(...rows));
    const params = { id: String(id) };
    const read = () => admin.call('GET /api/admin/csv-imports/:id', { params });
    const body = { mode: 'merge', createAccounts: true, dropDisplayOnly: false } as const;
    await admin.call('POST /api/admin/csv-imports/:id/read', { params, body });
    // Answered while the file is read, and while its plan is made.
    const pages = { reading: 0, planning: 0 };
    const bytes: number[] = [];
    let found = await read();
    for (; found.state === 'reading'; found = await read()) {
      const { items } = await admin.call('GET /api/admin/account-links', { query: { q: 'taro' } });
      expect(items).toHaveLength(1);
      pages[found.progress.bytesRead < found.fileBytes ? 'reading' : 'planning'] += 1;
      bytes.push(found.progress.bytesRead);
    }
    expect(found).toMatchObject({ state: 'ready', counts: { added: 40_000 }, progress: { rowsRead: 40_000 } });
    expect(pages.reading).toBeGreaterThan(0);
    expect(pages.planning).toBeGreaterThan(1);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes.some((read) => read > 0 && read < found.fileBytes)).toBe(true);
  }, 60_000);
});
