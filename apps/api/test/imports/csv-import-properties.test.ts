import { randomUUID } from 'node:crypto';
import { accountKey } from '@argus/contract/account-key';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { judgeAccountName } from '../../src/accounts/parse-account.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { c1, company, linkFile, linkHeader, stageCompany } from '../support/csv-company.ts';
import { apply, rowsOf, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako']);

/** Any account that the forms accept, with an above-chance share of what breaks CSV, formulas and encodings. */
const accountName = fc
  .tuple(
    fc.string({
      unit: fc.oneof(fc.constantFrom(...'=+-\'",;<>&表ソ能髙①ｱ〜𠮷éA_%\\'), fc.string({ minLength: 1, maxLength: 1 })),
      minLength: 1,
      maxLength: 8,
    }),
    fc.constantFrom('a.example', 'Ｂ.example', "c'd.日本", '"e".x'),
  )
  .map(([local, domain]) => `${local}@${domain}`.normalize('NFKC').trim())
  .filter((name) => judgeAccountName(name) === undefined);
const links = fc
  .uniqueArray(fc.tuple(accountName, accountName), {
    minLength: 1,
    maxLength: 6,
    selector: ([user]) => accountKey(user),
  })
  .filter((pairs) => new Set(pairs.map(([, microsoft]) => accountKey(microsoft))).size === pairs.length)
  .filter((pairs) => pairs.every(([user]) => accountKey(user) !== 'admin@argus.example'));

const inCp932 = (text: string) => iconv.decode(iconv.encode(text, 'cp932'), 'cp932') === text;
const nameOf = (user: string) => `名 ${user}`;

async function store(pairs: readonly (readonly [string, string])[]): Promise<void> {
  const db = company.argus.database.prisma;
  await company.reset();
  const ids = pairs.map(() => randomUUID());
  await db.account.createMany({
    data: pairs.map(([username], i) => ({
      id: ids[i] ?? '',
      username,
      usernameKey: accountKey(username),
      displayName: nameOf(username),
      displayNameKey: accountKey(nameOf(username)),
    })),
  });
  await db.accountLink.createMany({
    data: pairs.map(([, microsoftAccount], i) => ({
      accountId: ids[i] ?? '',
      microsoftAccount,
      microsoftAccountKey: accountKey(microsoftAccount),
    })),
  });
}

async function stored(): Promise<string[]> {
  const found = await company.argus.database.prisma.accountLink.findMany({ include: { account: true } });
  return found.map((link) => JSON.stringify([link.account.username, link.microsoftAccount])).sort();
}

async function exported(form: string, encoding: string): Promise<{ status: number; bytes: Buffer }> {
  const url = new URL(`/api/admin/account-links/csv?form=${form}&encoding=${encoding}`, company.argus.url);
  const cookie = cookieHeader(company.admin);
  const reply = await fetch(url, { headers: { cookie, 'accept-language': 'ja' } });
  return { status: reply.status, bytes: Buffer.from(await reply.arrayBuffer()) };
}

/** For a machine that is busy with other work. */
const patience = 60_000;

describe('any links → CSV出力 → CSV取込 → the same links', () => {
  test.each([
    ['import', 'utf-8'],
    ['full', 'utf-8'],
    ['import', 'cp932'],
    ['full', 'cp932'],
  ])(
    'CSV14: as %s in %s',
    async (form, encoding) => {
      await fc.assert(
        fc.asyncProperty(links, async (drawn) => {
          const pairs = encoding === 'cp932' ? drawn.filter((pair) => inCp932(pair.join(''))) : drawn;
          fc.pre(pairs.length > 0);
          await store(pairs);
          const before = await stored();
          const { status, bytes } = await exported(form, encoding);
          expect(status).toBe(200);
          const options = { mode: 'replace', dropDisplayOnly: form === 'full', createAccounts: true } as const;
          const same = await upload(company.admin, bytes, options);
          expect(same).toMatchObject({
            state: 'ready',
            counts: { unchanged: pairs.length, error: 0, added: 0, changed: 0, respelled: 0, removed: 0 },
          });
          await company.reset();
          const again = await upload(company.admin, bytes, options);
          expect(again.counts).toMatchObject({ added: pairs.length, accountsCreated: pairs.length, error: 0 });
          await apply(company.admin, again);
          expect(await stored()).toEqual(before);
        }),
        { numRuns: 12 },
      );
    },
    patience,
  );
});

describe('any file → C1 with a reason, or a preview', () => {
  const noise = fc.uint8Array({ maxLength: 200 });
  const valid = linkFile(['taro', '太郎@contoso.example'], ['hanako', '"h,"@contoso.example'], ['x', 'y']);
  const begun = fc.tuple(fc.constantFrom(linkHeader, `ユーザ名,${linkHeader}`, '"', '\ufeff'), noise);
  /** A file as people save it, with some bytes changed, removed or doubled. */
  const users =
    'ユーザ名,Salesforceアカウント,役割,有効\n太郎,taro@argus.example,ユーザ,TRUE\n花子,hanako@argus.example,部長,0';
  const damaged = fc
    .tuple(
      fc.constantFrom(valid, users),
      fc.constantFrom('utf-8', 'utf-16le', 'cp932'),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(2)), { minLength: 1, maxLength: 4 }),
    )
    .map(([content, encoding, wounds]) => {
      let bytes = Buffer.from(iconv.encode(content, encoding));
      for (const [place, value, kind] of wounds) {
        const at = place % bytes.length;
        const middle = kind === 0 ? [value] : kind === 1 ? [] : [bytes[at] ?? 0, value];
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at + 1)]);
      }
      return new Uint8Array(bytes);
    });
  const anyFile = fc.oneof(
    noise,
    begun.map(([start, rest]) => new Uint8Array(Buffer.concat([Buffer.from(`${start}\n`), rest]))),
    damaged,
  );

  test.each(['account_links', 'users'] as const)(
    'CSV08: a file of %s',
    async (table) => {
      await fc.assert(
        fc.asyncProperty(anyFile, fc.boolean(), async (bytes, flag) => {
          const options = { table, dropDisplayOnly: flag, createAccounts: flag && table === 'account_links' };
          const found = await upload(company.admin, bytes, options);
          if (found.state === 'refused') {
            expect(found).toMatchObject({ counts: null, problem: { code: 'csv_file_invalid', lines: [c1] } });
            expect(found.refusal?.message).not.toMatch(/[{}]\w*[{}]|undefined/);
            return;
          }
          expect(found).toMatchObject({ state: 'ready', problem: null });
          const wrong = await rowsOf(company.admin, found, 'error');
          expect(wrong).toHaveLength(found.counts?.error ?? -1);
          for (const { line, faults } of wrong) {
            expect(line).toBeGreaterThan(1);
            expect(faults.length).toBeGreaterThan(0);
          }
          const failed = await company.admin.send('GET', `/api/admin/csv-imports/${found.id}/failed-rows`);
          expect(failed.status).toBe(200);
          if (wrong.length === 0) expect((await apply(company.admin, found)).state).toBe('applied');
        }),
        { numRuns: 60 },
      );
      const errors = await company.argus.database.prisma.errorEvent.count({ where: { code: 'internal_error' } });
      expect(errors).toBe(0);
    },
    patience,
  );
});
