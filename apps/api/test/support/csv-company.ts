import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from './build-app.ts';
import { changeLink, linkOf } from './change-link.ts';

export const linkHeader = 'Salesforceアカウント,Microsoft365アカウント';
export const c1 = 'エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。';

/** Portal accounts, and what links them, for tests of CSV files. */
interface CsvCompany {
  readonly argus: TestArgus;
  readonly admin: Browser;
  /** Removes links, grants, imports, and accounts that are not the company's. */
  reset(): Promise<void>;
  /** Name before the @ → Microsoft 365 account, as currently linked. */
  links(): Promise<Record<string, string>>;
  /** Links the company's people as an administrator would; returns the ids of the links. */
  link(given: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** The link of one of the company, as アカウント情報 has it. */
  linkOf(name: string): ReturnType<typeof linkOf>;
  /** Links one of the company to another Microsoft 365 account, as 編集 does. */
  changeLink(name: string, microsoftAccount: string): Promise<void>;
  /** What is left in the database of imports that are not: parts and rows. */
  leftovers(): Promise<{ parts: number; rows: number }>;
}

/** `taro` → `taro@argus.example`. */
export const usernameOf = (name: string) => (name.includes('@') ? name : `${name}@argus.example`);

/** A file of links: pairs of a name (or a username) and a Microsoft 365 account. */
export function linkFile(...rows: readonly (readonly [string, string])[]): string {
  return [linkHeader, ...rows.map(([name, microsoft]) => `${usernameOf(name)},${microsoft}`)].join('\r\n');
}

/** The company of the test file that runs. As in `stage-argus.ts`, each file has a module of its own to keep it in. */
export let company: CsvCompany;

/** The company of these people for the tests of this file, before each of them as it was founded. */
export function stageCompany(people: readonly string[]): void {
  beforeAll(async () => {
    company = await foundCompany(people);
  });
  afterAll(() => company?.argus.close());
  beforeEach(() => company.reset());
}

/** Argus with these people as users, and an administrator, connected to the fake Microsoft 365. */
async function foundCompany(people: readonly string[]): Promise<CsvCompany> {
  const argus = await buildArgus();
  const admin = await argus.connect();
  for (const name of people) await argus.addAccount(usernameOf(name));
  const db = argus.database.prisma;
  const kept = [...people, 'admin'].map((name) => usernameOf(name).toLowerCase());
  return {
    argus,
    admin,
    async reset() {
      await db.accountLink.deleteMany({});
      await db.grant.deleteMany({});
      await db.csvImportRow.deleteMany({});
      await db.csvImport.deleteMany({});
      await db.account.deleteMany({ where: { usernameKey: { notIn: kept } } });
    },
    async links() {
      const found = await db.accountLink.findMany({ include: { account: true }, orderBy: { accountId: 'asc' } });
      const pairs = found.map((link) => [link.account.username.split('@')[0] ?? '', link.microsoftAccount] as const);
      return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    async link(given) {
      const ids: Record<string, string> = {};
      for (const [name, microsoftAccount] of Object.entries(given)) {
        const { id } = await admin.call('POST /api/admin/account-links', {
          body: { username: usernameOf(name), microsoftAccount },
        });
        ids[name] = id;
      }
      return ids;
    },
    linkOf: (name) => linkOf(admin, usernameOf(name)),
    changeLink: (name, microsoftAccount) => changeLink(admin, usernameOf(name), microsoftAccount),
    async leftovers() {
      const [parts, rows] = [await db.csvImportPart.count(), await db.csvImportRow.count()];
      return { parts, rows };
    },
  };
}
