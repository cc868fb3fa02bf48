import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { describe, expect, test } from 'vitest';
import { cookieHeader } from '../support/cookie-header.ts';
import { company, linkHeader, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, upload } from '../support/csv-upload.ts';

const taroUpn = demoUsers.taro.userPrincipalName;

stageCompany(['taro', 'hanako', 'jiro']);

/** The reply with its raw bytes: text() would drop the byte order mark. */
async function exported(query: string, language = 'ja') {
  const reply = await fetch(new URL(`/api/admin/account-links/csv?${query}`, company.argus.url), {
    headers: {
      cookie: cookieHeader(company.admin),
      'accept-language': language,
    },
  });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}
const textOf = async (query: string, language?: string) => (await exported(query, language)).bytes.toString();

describe('CSV出力', () => {
  test('CSV14: both forms, with byte order mark and CRLF, in the order of the usernames', async () => {
    await company.link({ taro: taroUpn, hanako: 'hanako@contoso.example' });
    expect(await textOf('form=full&encoding=utf-8')).toBe(
      `\ufeffユーザ名,${linkHeader}\r\nhanako,hanako@argus.example,hanako@contoso.example\r\ntaro,taro@argus.example,${taroUpn}\r\n`,
    );
    expect(await textOf('form=import&encoding=utf-8')).toBe(
      `\ufeff${linkHeader}\r\nhanako@argus.example,hanako@contoso.example\r\ntaro@argus.example,${taroUpn}\r\n`,
    );
    const english = await textOf('form=full&encoding=utf-8', 'en');
    expect(english.split('\r\n')[0]).toBe('\ufeffUser Name,Salesforce account,Microsoft 365 account');
  });

  test('CSV14: an empty table is exported as a header only', async () => {
    expect(await textOf('form=import&encoding=utf-8')).toBe(`\ufeff${linkHeader}\r\n`);
    expect((await exported('form=full&encoding=cp932')).bytes.length).toBeGreaterThan(20);
  });

  test('CSV15: what was exported for import is imported with 0 changes, merged and replaced, in either language', async () => {
    await company.link({ taro: taroUpn, hanako: 'Hanako@contoso.example', jiro: '次郎@contoso.example' });
    for (const encoding of ['utf-8', 'cp932']) {
      for (const language of ['ja', 'en']) {
        const { bytes } = await exported(`form=import&encoding=${encoding}`, language);
        for (const mode of ['merge', 'replace'] as const) {
          const found = await upload(company.admin, bytes, { mode });
          expect(found, `${encoding} ${language} ${mode}`).toMatchObject({
            state: 'ready',
            encoding: language === 'ja' ? encoding : expect.any(String),
            counts: { unchanged: 3, added: 0, changed: 0, respelled: 0, removed: 0, error: 0 },
          });
        }
      }
    }
    const full = await exported('form=full&encoding=utf-8');
    expect(await upload(company.admin, full.bytes)).toMatchObject({
      state: 'refused',
      refusal: { reason: 'name_column' },
    });
    expect(await upload(company.admin, full.bytes, { dropDisplayOnly: true })).toMatchObject({
      counts: { unchanged: 3, error: 0 },
    });
  });

  test('CSV14: cells that a spreadsheet would run are inert in the file, and restored by the import', async () => {
    const names = ['=cmd|x', '+1', '-1', "'quoted", "'=1", '@x', '=１＋１', '"a,b"'];
    const db = company.argus.database.prisma;
    const kept: string[] = [];
    for (const [index, name] of names.entries()) {
      const added = await company.admin.send('POST', '/api/admin/users', {
        body: {
          username: `${name.replaceAll(/[",@]/g, '')}${index}@argus.example`,
          displayName: name,
          role: 'user',
          salesforceId: null,
          password: 'correct horse battery',
        },
      });
      if (added.status >= 300) continue;
      const { username } = added.body as { username: string };
      kept.push(username);
      await company.link({ [username]: `${name.replaceAll(/[",@]/g, '')}${index}@contoso.example` });
    }
    expect(kept.length).toBeGreaterThan(5);
    const before = await db.accountLink.findMany({ orderBy: { id: 'asc' } });
    for (const line of (await textOf('form=full&encoding=utf-8')).split('\r\n').slice(1, -1)) {
      for (const cell of line.split(',')) expect(cell).not.toMatch(/^"?[\s]*[=+\-@＝＋－＠]/);
    }
    const { bytes } = await exported('form=import&encoding=utf-8');
    const found = await upload(company.admin, bytes, { mode: 'replace' });
    expect(found.counts).toMatchObject({ unchanged: kept.length, error: 0, changed: 0, added: 0, removed: 0 });
    await db.accountLink.deleteMany({});
    await apply(company.admin, await upload(company.admin, bytes));
    const after = await db.accountLink.findMany({});
    const facts = (rows: typeof before) =>
      rows.map(({ accountId, microsoftAccount }) => `${accountId} ${microsoftAccount}`).sort();
    expect(facts(after)).toEqual(facts(before));
  });

  test('the search and the state filter of the table apply', async () => {
    const { argus, admin } = company;
    await company.link({ taro: taroUpn, hanako: 'hanako@contoso.example' });
    const taro = await argus.signedIn(usernameOf('taro'));
    await taro.authorize(taroUpn);
    const users = async (query: string) =>
      (await textOf(`form=import&encoding=utf-8&${query}`))
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split('@')[0]);
    expect(await users('q=HANA')).toEqual(['hanako']);
    expect(await users('q=nobody')).toEqual([]);
    for (const state of ['authorized', 'not_authorized', 'mismatch', 'reconnect_needed']) {
      const shown = await admin.send('GET', `/api/admin/account-links?state=${state}&pageSize=100`);
      if (shown.status !== 200) continue;
      const { items } = shown.body as { items: { username: string }[] };
      expect(await users(`state=${state}`), state).toEqual(items.map(({ username }) => username.split('@')[0]).sort());
    }
    expect(await users('state=authorized')).toEqual(['taro']);
    expect(await users('state=authorized&q=hanako')).toEqual([]);
  });

  test('the file is named after the table, its form and the date in the administrator’s time zone', async () => {
    const dateIn = (timeZone: string) =>
      new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(new Date());
    for (const timeZone of ['Asia/Tokyo', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const before = dateIn(timeZone);
      const { headers } = await exported(`form=import&encoding=utf-8&timeZone=${encodeURIComponent(timeZone)}`);
      const name = decodeURIComponent(
        /filename\*=UTF-8''([^;]+)/.exec(headers.get('content-disposition') ?? '')?.[1] ?? '',
      );
      expect([`アカウント情報_取込用_${before}.csv`, `アカウント情報_取込用_${dateIn(timeZone)}.csv`]).toContain(name);
    }
    expect(dateIn('Pacific/Kiritimati')).not.toBe(dateIn('Pacific/Pago_Pago'));
    const { headers } = await exported('form=full&encoding=utf-8', 'en');
    expect(headers.get('content-disposition')).toMatch(/filename\*=UTF-8''account-links_\d{4}-\d\d-\d\d\.csv/);
    expect(headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('an unknown time zone, form, encoding or state is refused with 400', async () => {
    for (const query of [
      'form=full&encoding=utf-8&timeZone=Asia/Atlantis',
      'form=full&encoding=utf-8&timeZone=',
      `form=full&encoding=utf-8&timeZone=${'x'.repeat(65)}`,
      'form=half&encoding=utf-8',
      'encoding=utf-8',
      'form=full&encoding=utf-16',
      'form=full&encoding=utf-8&state=odd',
      'form=full&encoding=utf-8&extra=1',
    ]) {
      expect((await exported(query)).status, query).toBe(400);
    }
  });

  test('the audit log says who exported which table', async () => {
    await exported('form=import&encoding=utf-8');
    const { items } = await company.admin.call('GET /api/admin/audit-events');
    expect(items[0]).toMatchObject({ action: 'csv_exported', actorUsername: 'admin@argus.example' });
    expect(items[0]?.targetName).toContain('アカウント情報');
  }, 60_000);
});

describe('CSV出力: streamed', () => {
  test('the first rows arrive before the last are read, and nothing stays busy if the reader stops', async () => {
    const db = company.argus.database.prisma;
    const rows = 9_000;
    await db.$executeRaw`INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
      SELECT gen_random_uuid(), name, name, repeat('あ', 190), name, now()
      FROM (SELECT 'u' || lpad(i::text, 6, '0') || '@argus.example' AS name FROM generate_series(1, ${rows}::int) i) n`;
    await db.$executeRaw`INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
      SELECT gen_random_uuid(), id, username, username, now() FROM "Account" WHERE username LIKE 'u%'`;
    // The last pages of rows are read only once the first rows have arrived: sockets may hold all of them.
    const arrived = Promise.withResolvers<void>();
    const { $queryRaw } = db;
    let pages = 0;
    Object.assign(db, {
      async $queryRaw(this: unknown, ...query: Parameters<typeof $queryRaw>) {
        pages += String(query[0]).includes(`l."microsoftAccount" FROM`) ? 1 : 0;
        if (pages >= 3) await arrived.promise;
        return Reflect.apply($queryRaw, db, query);
      },
    });
    const abort = new AbortController();
    const reply = await fetch(new URL('/api/admin/account-links/csv?form=full&encoding=utf-8', company.argus.url), {
      headers: { cookie: cookieHeader(company.admin) },
      signal: abort.signal,
    });
    const reader = reply.body?.getReader();
    const first = await reader?.read();
    const start = Buffer.from(first?.value ?? []).toString();
    expect(start).toContain('u000001@argus.example');
    // If the file were in memory before it is sent, this change would not be in it.
    await db.$executeRaw`UPDATE "AccountLink" SET "microsoftAccount" = 'late@argus.example', "microsoftAccountKey" = 'late@argus.example'
      WHERE "microsoftAccountKey" = 'u009000@argus.example'`;
    arrived.resolve();
    let rest = '';
    // Split by LF only: a part may end between CR and LF.
    let lines = start.split('\n').length;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      rest = (rest + Buffer.from(part.value).toString()).slice(-2_000);
      lines += Buffer.from(part.value).toString().split('\n').length - 1;
    }
    expect(rest).toContain('u009000@argus.example,late@argus.example\r\n');
    expect(lines).toBe(rows + 2);
    expect(pages).toBeGreaterThanOrEqual(3);
    Object.assign(db, { $queryRaw });
    const stopped = await fetch(new URL('/api/admin/account-links/csv?form=full&encoding=utf-8', company.argus.url), {
      headers: { cookie: cookieHeader(company.admin) },
      signal: abort.signal,
    });
    expect(stopped.status).toBe(200);
    abort.abort();
    expect((await company.admin.call('GET /api/admin/account-links', { query: { q: 'u000001' } })).items).toHaveLength(
      1,
    );
  }, 60_000);
});
