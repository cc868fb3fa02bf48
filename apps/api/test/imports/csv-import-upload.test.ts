import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { csvFileLimitBytes, csvPartBytes } from '@argus/contract/csv-limits';
import { describe, expect, test, vi } from 'vitest';
import { cookieHeader } from '../support/cookie-header.ts';
import { company, linkFile, linkHeader, stageCompany } from '../support/csv-company.ts';
import { readFile, sendFile, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako']);

const announce = (fileBytes: number) =>
  company.admin.call('POST /api/admin/csv-imports', {
    body: { table: 'account_links', fileName: 'links.csv', fileBytes },
  });
const sendPart = (id: number, index: number, body: Uint8Array) =>
  company.admin.send('PUT', `/api/admin/csv-imports/${id}/parts/${index}`, { body });
const options = { mode: 'merge', createAccounts: false, dropDisplayOnly: false } as const;
const read = (id: number) =>
  company.admin.fails('POST /api/admin/csv-imports/:id/read', { params: { id: String(id) }, body: options });

describe('CSV取込: sending the file', () => {
  test('CSV12: a file announced over the limit is refused with 413 before anything is sent', async () => {
    const problem = await company.admin.fails('POST /api/admin/csv-imports', {
      body: { table: 'account_links', fileName: 'links.csv', fileBytes: csvFileLimitBytes + 1 },
    });
    expect(problem).toMatchObject({ status: 413, code: 'csv_file_too_large' });
    expect(problem.lines?.[0]).toBe('CSVファイルが大きすぎます（上限 200 MB）。');
    expect(await company.argus.database.prisma.csvImport.count()).toBe(0);
  });

  test('CSV12: more bytes than announced are refused, and nothing of the file stays', async () => {
    const { id } = await announce(csvPartBytes + 10);
    expect((await sendPart(id, 0, Buffer.alloc(csvPartBytes, 0x61))).status).toBe(204);
    const reply = await sendPart(id, 1, Buffer.alloc(11, 0x61));
    expect(reply).toMatchObject({ status: 409, body: { code: 'csv_part_unexpected' } });
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
    expect((await sendPart(id, 1, Buffer.alloc(10, 0x61))).status).toBe(409);
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  });

  test('CSV12: bytes beyond the limit of a file are 413, and nothing of it stays', async () => {
    const { id } = await announce(csvFileLimitBytes);
    expect((await sendPart(id, 0, Buffer.alloc(csvPartBytes))).status).toBe(204);
    const reply = await sendPart(id, csvFileLimitBytes / csvPartBytes, Buffer.alloc(1));
    expect(reply).toMatchObject({ status: 413, body: { code: 'csv_file_too_large' } });
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  });

  test('S-10: of the files that one administrator uploads and abandons, the five newest stay', async () => {
    const left: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { id } = await announce(4);
      left.push(id);
      expect((await sendPart(id, 0, Buffer.from(`abc${i}`))).status).toBe(204);
    }
    expect(await company.leftovers()).toEqual({ parts: 5, rows: 0 });
    const { items } = await company.admin.call('GET /api/admin/csv-imports', { query: { table: 'account_links' } });
    expect(items.filter(({ state }) => state === 'cancelled').map(({ id }) => id)).toEqual([left[1], left[0]]);
    expect((await sendPart(left[0] ?? 0, 0, Buffer.from('abcd'))).status).toBe(409);
  });

  test('CSV12: a part over 2 MiB is 413, and nothing of it stays', async () => {
    const { id } = await announce(3 * csvPartBytes);
    const reply = await sendPart(id, 0, Buffer.alloc(csvPartBytes + 1));
    expect(reply.status).toBe(413);
    expect(reply.body).toMatchObject({ code: 'request_too_large' });
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  });

  test('an empty part, and a part that is not a byte stream, are refused', async () => {
    const { id } = await announce(10);
    expect((await sendPart(id, 0, new Uint8Array())).status).toBe(400);
    for (const type of ['application/json', 'text/csv']) {
      const reply = await company.admin.send('PUT', `/api/admin/csv-imports/${id}/parts/0`, {
        body: '"abc"',
        headers: { 'content-type': type },
      });
      expect([400, 415]).toContain(reply.status);
    }
    expect((await company.leftovers()).parts).toBe(0);
  });

  test('a file of several parts, sent in any order and one of them twice, is read as one', async () => {
    const rows = Array.from({ length: 15_000 }, (_, i) => `u${i}@argus.example,u${i}@contoso.example\r\n`).join('');
    const bytes = Buffer.from(`${linkHeader}\r\n${rows}taro@argus.example,taro@contoso.example\r\n`);
    expect(bytes.length).toBeGreaterThan(csvPartBytes);
    const { id } = await announce(bytes.length);
    const part = (index: number) => bytes.subarray(index * csvPartBytes, (index + 1) * csvPartBytes);
    for (const index of [1, 0, 1]) expect((await sendPart(id, index, part(index))).status).toBe(204);
    const found = await readFile(company.admin, id);
    expect(found).toMatchObject({ state: 'ready', counts: { error: 15_000, added: 1 } });
    expect(found.progress).toMatchObject({ rowsRead: 15_001, bytesRead: bytes.length });
  });

  test('a file with a missing part is not read', async () => {
    const { id } = await announce(csvPartBytes + 10);
    expect(await read(id)).toMatchObject({ status: 409, code: 'csv_part_unexpected' });
    await sendPart(id, 1, Buffer.alloc(10, 0x61));
    expect(await read(id)).toMatchObject({ status: 409, code: 'csv_part_unexpected' });
    // As many bytes as announced, but at the wrong offsets.
    const short = await announce(20);
    await sendPart(short.id, 0, Buffer.alloc(10, 0x61));
    expect(await read(short.id)).toMatchObject({ status: 409, code: 'csv_part_unexpected' });
  });

  test('a connection that is lost half-way through a part leaves nothing, and sending it again works', async () => {
    const bytes = Buffer.from(linkFile(['taro', 'taro@contoso.example']));
    const { id } = await announce(bytes.length);
    const session = await company.admin.call('GET /api/session');
    const { hostname, port, origin } = new URL(company.argus.url);
    const head = [
      `PUT /api/admin/csv-imports/${id}/parts/0 HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Origin: ${origin}`,
      `Cookie: ${cookieHeader(company.admin)}`,
      `X-CSRF-Token: ${session.csrfToken}`,
      'Content-Type: application/octet-stream',
      `Content-Length: ${bytes.length}`,
    ];
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(`${head.join('\r\n')}\r\n\r\n`);
        socket.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => socket.destroy(), 100));
      });
      socket.once('close', () => resolve()).once('error', reject);
    });
    await sleep(100);
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
    expect(await read(id)).toMatchObject({ code: 'csv_part_unexpected' });
    expect((await sendPart(id, 0, bytes)).status).toBe(204);
    expect(await readFile(company.admin, id)).toMatchObject({ state: 'ready', counts: { added: 1, error: 0 } });
  });

  test('a part that arrives after the import was cancelled is not stored', async () => {
    const part = Buffer.alloc(csvPartBytes, 0x61);
    for (let round = 0; round < 6; round += 1) {
      const { id } = await announce(csvPartBytes);
      const parts = Promise.all(Array.from({ length: 3 }, () => sendPart(id, 0, part)));
      await sleep(round * 8);
      const cancelled = await company.admin.call('POST /api/admin/csv-imports/:id/cancel', {
        params: { id: String(id) },
      });
      expect(cancelled.state).toBe('cancelled');
      for (const { status } of await parts) expect([204, 409]).toContain(status);
    }
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  });

  test('a part is not taken once the file is read', async () => {
    const { id } = await upload(company.admin, linkFile(['taro', 'taro@contoso.example']));
    expect(await sendPart(id, 0, Buffer.from('x'))).toMatchObject({
      status: 409,
      body: { code: 'csv_import_not_possible' },
    });
  });
});

describe('CSV取込: who may import', () => {
  test('users, strangers and requests without the token are refused at every address', async () => {
    const { id } = await upload(company.admin, linkFile(['taro', 'taro@contoso.example']));
    const user = await company.argus.signedIn('taro@argus.example');
    const stranger = company.argus.browser();
    const addresses: readonly [string, string, unknown?][] = [
      ['GET', '/api/admin/csv-imports?table=account_links'],
      ['GET', `/api/admin/csv-imports/${id}`],
      ['GET', `/api/admin/csv-imports/${id}/rows?kind=added`],
      ['GET', `/api/admin/csv-imports/${id}/failed-rows`],
      ['GET', '/api/admin/account-links/csv?form=full&encoding=utf-8'],
      ['GET', '/api/admin/account-links/csv-check?form=full'],
      ['GET', '/api/admin/users/csv?encoding=utf-8'],
      ['GET', '/api/admin/users/csv-check'],
      ['POST', '/api/admin/csv-imports', { table: 'users', fileName: 'x.csv', fileBytes: 1 }],
      ['PUT', `/api/admin/csv-imports/${id}/parts/0`, Buffer.from('x')],
      ['POST', `/api/admin/csv-imports/${id}/read`, options],
      ['POST', `/api/admin/csv-imports/${id}/apply`, { planVersion: 1, removals: null }],
      ['POST', `/api/admin/csv-imports/${id}/undo`],
      ['POST', `/api/admin/csv-imports/${id}/cancel`],
    ];
    for (const [method, path, body] of addresses) {
      const name = `${method} ${path}`;
      expect((await user.send(method, path, { body })).status, name).toBe(403);
      expect([401, 403], name).toContain((await stranger.send(method, path, { body })).status);
      if (method === 'GET') continue;
      const forged = await company.admin.send(method, path, { body, headers: { 'x-csrf-token': 'forged' } });
      expect(forged.status, name).toBe(403);
      const elsewhere = await company.admin.send(method, path, { body, headers: { origin: 'https://evil.example' } });
      expect(elsewhere.status, name).toBe(403);
    }
    const found = await company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    expect(found).toMatchObject({ state: 'ready', planVersion: 1 });
  });

  test('an import that does not exist is 404, and a malformed id is 400', async () => {
    const calls: readonly [string, string, unknown?][] = [
      ['GET', ''],
      ['GET', '/rows?kind=added'],
      ['GET', '/failed-rows'],
      ['PUT', '/parts/0', Buffer.from('x')],
      ['POST', '/read', options],
      ['POST', '/apply', { planVersion: 1, removals: null }],
      ['POST', '/undo'],
      ['POST', '/cancel'],
    ];
    for (const [method, path, body] of calls) {
      const missing = await company.admin.send(method, `/api/admin/csv-imports/2147483647${path}`, { body });
      expect(missing, path).toMatchObject({ status: 404, body: { code: 'not_found' } });
      for (const id of ['0', '-1', '2147483648', '1.5', 'x', '1%00']) {
        const { status } = await company.admin.send(method, `/api/admin/csv-imports/${id}${path}`, { body });
        expect([400, 404], `${id}${path}`).toContain(status);
      }
    }
  });

  test('a file name is stored without unprintable characters, and one that no database can hold is refused', async () => {
    const name = `紐づけ "1"; x=../../${'あ'.repeat(200)}.csv`;
    const { id } = await sendFile(company.admin, 'x', { fileName: name });
    const found = await company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    expect(found.fileName).toBe(name);
    for (const [fileName, shown] of [
      ['a\u202egpj.csv\n', 'agpj.csv'],
      [' ', 'file.csv'],
    ] as const) {
      const kept = await sendFile(company.admin, 'x', { fileName });
      expect(kept.fileName).toBe(shown);
    }
    for (const fileName of ['a\0b.csv', 'x'.repeat(256)]) {
      const problem = await company.admin.fails('POST /api/admin/csv-imports', {
        body: { table: 'account_links', fileName, fileBytes: 1 },
      });
      expect(problem.status, JSON.stringify(fileName)).toBe(400);
    }
  });

  test('S-11: an unforeseen failure to read a file has an error ID, which leads to its event', async () => {
    const { prisma } = company.argus.database;
    const { id } = await sendFile(company.admin, linkFile(['taro', 'taro.yamada@contoso.example']));
    await prisma.$executeRawUnsafe(
      "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'unforeseen'; END $$",
    );
    await prisma.$executeRawUnsafe('CREATE TRIGGER fail BEFORE INSERT ON "CsvImportRow" EXECUTE FUNCTION fail()');
    try {
      await company.admin.call('POST /api/admin/csv-imports/:id/read', { params: { id: String(id) }, body: options });
      const state = async () => (await prisma.csvImport.findUniqueOrThrow({ where: { id } })).state;
      await vi.waitFor(async () => expect(await state()).toBe('failed'), { timeout: 10_000 });
    } finally {
      await prisma.$executeRawUnsafe('DROP FUNCTION fail CASCADE');
    }
    const { problem } = await company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    expect(problem).toMatchObject({ code: 'internal_error', errorId: expect.any(String) });
    const event = await prisma.errorEvent.findUniqueOrThrow({ where: { id: problem?.errorId ?? '' } });
    expect(event).toMatchObject({ code: 'internal_error', stage: 'csv_import_reading' });
    // The audit log outlives that event.
    const [told] = await prisma.auditEvent.findMany({ where: { action: 'csv_import_failed', targetId: String(id) } });
    expect(JSON.stringify(told?.details)).toContain('errorCode');
    expect(JSON.stringify(told?.details)).not.toContain(problem?.errorId);
  });
});
