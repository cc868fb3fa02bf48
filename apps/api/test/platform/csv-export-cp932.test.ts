import type { CsvCheck } from '@argus/contract/endpoints/imports/csv-exports';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { cookieHeader } from '../support/cookie-header.ts';
import { company, linkHeader, stageCompany } from '../support/csv-company.ts';
import { upload } from '../support/csv-upload.ts';

stageCompany([]);

/** Portal accounts with these display names, linked, in the order given. */
async function employ(...names: readonly string[]): Promise<void> {
  const db = company.argus.database.prisma;
  for (const [index, displayName] of names.entries()) {
    const username = `u${String(index).padStart(5, '0')}@argus.example`;
    const account = { username, usernameKey: username, displayName, displayNameKey: displayName.toLowerCase() };
    const link = { microsoftAccount: `m${index}@contoso.example`, microsoftAccountKey: `m${index}@contoso.example` };
    await db.account.create({ data: { ...account, link: { create: link } } });
  }
}

async function exported(path: string) {
  const reply = await fetch(new URL(`/api/admin/${path}`, company.argus.url), {
    headers: { cookie: cookieHeader(company.admin), 'accept-language': 'ja' },
  });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}

/** Everything that the check reports, call by call. */
async function check(table: 'account-links' | 'users', query: Record<string, string> = {}) {
  const calls: CsvCheck[] = [];
  for (let after: string | null = '', checked = 0; after !== null; ) {
    const found: CsvCheck =
      table === 'users'
        ? await company.admin.call('GET /api/admin/users/csv-check', { query: { ...query, after, checked } })
        : await company.admin.call('GET /api/admin/account-links/csv-check', {
            query: { form: 'full', ...query, after, checked },
          });
    calls.push(found);
    ({ next: after, checked } = found);
  }
  return calls;
}

const full = 'account-links/csv?form=full&encoding=cp932';

describe('CSV出力 as CP932', () => {
  test('CSV03: characters of CP932 are written as they are; 〜 — − ¢ 𠮷 are refused, never replaced', async () => {
    await employ('波～線―横－負￠', '髙﨑①㈱ｱ');
    const { status, headers, bytes } = await exported(full);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/charset=Shift_JIS/i);
    expect(bytes.includes('?')).toBe(false);
    const text = iconv.decode(bytes, 'cp932');
    expect(text.split('\r\n')[0]).toBe(`ユーザ名,${linkHeader}`);
    expect(text).toContain('髙﨑①㈱ｱ,u00001@argus.example,m1@contoso.example\r\n');
    expect(text).not.toContain('\ufffd');
    expect(text).toContain('波～線―横－負￠');
    for (const character of '〜—−¢𠮷') {
      await company.reset();
      await employ('吉野家', `${character}野家`);
      const refused = await exported(full);
      expect(refused.status, character).toBe(409);
      expect(JSON.parse(refused.bytes.toString())).toMatchObject({ code: 'csv_character_missing' });
      expect(refused.headers.get('content-disposition')).toBeNull();
      expect((await check('account-links'))[0]?.missing).toMatchObject([{ row: 3, character }]);
    }
  });

  test('the check names row, column, character and value of each, as they would be in the file', async () => {
    await employ('山田', '𠮷田', 'é', '普通', '😀と𠮷');
    const [found] = await check('account-links');
    expect(found).toEqual({
      checked: 5,
      total: 5,
      next: null,
      missing: [
        { row: 3, column: 'ユーザ名', character: '𠮷', codePoint: 'U+20BB7', value: '𠮷田' },
        { row: 4, column: 'ユーザ名', character: 'é', codePoint: 'U+00E9', value: 'é' },
        { row: 6, column: 'ユーザ名', character: '😀', codePoint: 'U+1F600', value: '😀と𠮷' },
      ],
    });
    const lines = (await exported('account-links/csv?form=full&encoding=utf-8')).bytes.toString().split('\r\n');
    for (const { row, value } of found?.missing ?? []) expect(lines[row - 1]).toContain(value);
    // Without 「ユーザ名」 there is nothing wrong.
    expect((await check('account-links', { form: 'import' }))[0]?.missing).toEqual([]);
    expect((await exported('account-links/csv?form=import&encoding=cp932')).status).toBe(200);
    expect((await check('users'))[0]?.missing).toHaveLength(3);
  });

  test('the check and the refusal cover only the rows that the search shows', async () => {
    await employ('山田', '𠮷田');
    expect((await check('account-links', { q: '山' }))[0]).toMatchObject({ checked: 1, total: 1, missing: [] });
    expect((await exported(`${full}&q=${encodeURIComponent('山')}`)).status).toBe(200);
    expect((await exported(`${full}&q=${encodeURIComponent('𠮷')}`)).status).toBe(409);
  });

  test('reports each of very many characters once, at most a hundred per call, with its row', async () => {
    const db = company.argus.database.prisma;
    await db.$executeRaw`INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
      SELECT gen_random_uuid(), name, name, CASE WHEN i % 7 = 0 THEN '𠮷' ELSE '吉' END || i, name, now()
      FROM (SELECT i, 'u' || lpad(i::text, 6, '0') || '@argus.example' AS name FROM generate_series(1, 2500) i) n`;
    await db.$executeRaw`INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
      SELECT gen_random_uuid(), id, username, username, now() FROM "Account" WHERE username LIKE 'u%'`;
    const calls = await check('account-links');
    for (const { missing, total } of calls) {
      expect(missing.length).toBeLessThanOrEqual(100);
      expect(total).toBe(2_500);
    }
    const expected = Array.from({ length: 357 }, (_, i) => [7 * (i + 1) + 1, `𠮷${7 * (i + 1)}`]);
    expect(calls.flatMap(({ missing }) => missing.map(({ row, value }) => [row, value]))).toEqual(expected);
    expect(calls.at(-1)?.checked).toBe(2_500);
  });

  test('more rows than one call can check are checked by several, with progress', async () => {
    const db = company.argus.database.prisma;
    await db.$executeRaw`INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
      SELECT gen_random_uuid(), name, name, CASE WHEN i = 45000 THEN '𠮷' ELSE '吉' END, name, now()
      FROM (SELECT i, 'u' || lpad(i::text, 6, '0') || '@argus.example' AS name FROM generate_series(1, 45000) i) n`;
    const calls = await check('users');
    expect(calls.length).toBeGreaterThan(2);
    const steps = calls.map(({ checked }) => checked);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    // The administrator comes first.
    expect(calls.at(-1)).toMatchObject({ checked: 45_001, total: 45_001, next: null });
    expect(calls.flatMap(({ missing }) => missing)).toMatchObject([{ row: 45_002, character: '𠮷' }]);
  }, 60_000);

  test('an export in CP932 is imported exactly as it was, formulas included', async () => {
    await employ('=1+1', '~表ソ能\\', '"引用"', ' 　空白');
    const { bytes } = await exported('account-links/csv?form=full&encoding=cp932');
    const found = await upload(company.admin, bytes, { dropDisplayOnly: true, mode: 'replace' });
    expect(found).toMatchObject({ encoding: 'cp932', counts: { unchanged: 4, error: 0, changed: 0, removed: 0 } });
    const users = await exported('users/csv?encoding=cp932');
    const again = await upload(company.admin, users.bytes, { table: 'users' });
    expect(again.counts).toMatchObject({ unchanged: 4, changed: 1, error: 0, added: 0 });
  });
});
