import { describe, expect, test } from 'vitest';
import { company, stageCompany } from '../support/csv-company.ts';
import { apply, undo, upload } from '../support/csv-upload.ts';

const header = 'ユーザ名,Salesforceアカウント,役割,有効';
const users = { table: 'users' } as const;

stageCompany([]);

const prisma = () => company.argus.database.prisma;
const userFile = (...rows: readonly string[]) => [header, ...rows].join('\r\n');

describe('people 19: フリガナ in a file', () => {
  const withReading = (...rows: string[]) => userFile(...rows).replace(header, `${header},フリガナ`);
  const readings = async () =>
    (
      await prisma().account.findMany({ where: { usernameKey: { startsWith: 'r' } }, orderBy: { usernameKey: 'asc' } })
    ).map(({ reading }) => reading);

  test('is stored, shown in the preview, undone, and kept by an empty cell and by a file without the column', async () => {
    const { admin } = company;
    const first = ['青木 翔,r1@argus.example,ユーザ,有効,アオキ ショウ', '井上 恵,r2@argus.example,ユーザ,有効,'];
    await apply(admin, await upload(admin, withReading(...first), users));
    expect(await readings()).toEqual(['アオキ ショウ', '']);
    const next = ['青木 翔,r1@argus.example,ユーザ,有効,', '井上 恵,r2@argus.example,ユーザ,有効,イノウエ メグミ'];
    const second = await upload(admin, withReading(...next), users);
    expect(second.counts).toMatchObject({ unchanged: 1, changed: 1, error: 0 });
    const { items } = await admin.call('GET /api/admin/csv-imports/:id/rows', {
      params: { id: String(second.id) },
      query: { kind: 'changed' },
    });
    expect(items[0]?.cells.at(-1)).toEqual({ column: 'reading', header: 'フリガナ', from: '', to: 'イノウエ メグミ' });
    await apply(admin, second);
    // The export has the column as soon as anybody has a reading, and is imported unchanged.
    const { text } = await admin.send('GET', '/api/admin/users/csv?encoding=utf-8&q=r1%40');
    expect(text.replace('\ufeff', '')).toBe(
      `${header},フリガナ\r\n青木 翔,r1@argus.example,一般ユーザ,TRUE,アオキ ショウ\r\n`,
    );
    expect((await upload(admin, text, users)).counts).toMatchObject({ unchanged: 1, changed: 0, error: 0 });
    expect(await readings()).toEqual(['アオキ ショウ', 'イノウエ メグミ']);
    const without = await upload(admin, userFile('青木 翔太,r1@argus.example,ユーザ,有効'), users);
    await apply(admin, without);
    expect(await readings()).toEqual(['アオキ ショウ', 'イノウエ メグミ']);
    expect(await undo(admin, without)).toMatchObject({ state: 'undone' });
    expect(await undo(admin, second)).toMatchObject({ state: 'undone' });
    expect(await readings()).toEqual(['アオキ ショウ', '']);
  });

  test('an import that an older Argus applied, whose rows name no reading, can still be undone', async () => {
    const { admin } = company;
    await apply(admin, await upload(admin, userFile('上田 剛,r3@argus.example,ユーザ,有効'), users));
    const later = await apply(admin, await upload(admin, userFile('上田 武,r3@argus.example,ユーザ,有効'), users));
    await prisma().$executeRaw`UPDATE "CsvImportRow" SET before = before - 'reading', after = after - 'reading'`;
    expect(await undo(admin, later)).toMatchObject({ state: 'undone' });
  });
});
