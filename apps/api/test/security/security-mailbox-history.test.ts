import { randomUUID } from 'node:crypto';
import { accountKey } from '@argus/contract/account-key';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMailboxOfAnother } from '../../src/connection/records/mailbox-history.ts';
import { linksMailboxOfAnother } from '../../src/imports/links/records/mailbox-of-another.ts';
import type { Database } from '../../src/platform/database/open-database.ts';
import { buildDatabase } from '../support/build-database.ts';
import { adminUrl, giveDatabase } from '../support/postgres-server.ts';

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

async function open(locale: string): Promise<Opened> {
  const given = await giveDatabase(`TEMPLATE template0 ${locale}`);
  await given.admin(`GRANT CREATE ON SCHEMA public TO ${given.role}`);
  return { database: await given.open(), close: () => given.close() };
}

/** Whether databases of the server may have a locale of ICU: from PostgreSQL 15 on. */
async function mayBeTurkish(): Promise<boolean> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  const { rows } = await client.query('SHOW server_version_num');
  await client.end();
  return Number(rows[0].server_version_num) >= 150_000;
}

const locales: Record<string, () => Promise<Opened>> = {
  'the database of these tests': async () => {
    const database = await buildDatabase();
    return { database, close: () => database.close() };
  },
  ...(adminUrl === ''
    ? {}
    : {
        'a database of C': () => open(`LC_COLLATE 'C' LC_CTYPE 'C'`),
      }),
};
if (adminUrl !== '' && (await mayBeTurkish())) {
  locales['a Turkish database'] = () => open(`LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LC_COLLATE 'C' LC_CTYPE 'C'`);
}

// Each is somebody else's name, and no two have one key but those of a pair.
const spellings = [
  'JIRO@CONTOSO.COM',
  'Ito.Kaori@contoso.com',
  'ito.hiroshi@contoso.com',
  'ÉMILE@contoso.com',
  'ÖZGÜR@contoso.com',
  'İpek@contoso.com',
  'ırmak@contoso.com',
  'ΣΟΦΟΣ@contoso.com',
  'ＦＵＬＬ＠contoso.com',
  '\u00a0 \ttab@contoso.com\n',
  'ﬁne@contoso.com',
  '山田@contoso.com',
];
const strangers = ['taro@contoso.com', 'mile@contoso.com', 'èmile@contoso.com', 'ipek@contoso.com', '鈴木@contoso.com'];

describe.each(Object.entries(locales))('S-13: whose mailbox it was, in %s', (_, build) => {
  const owner = randomUUID();
  const other = randomUUID();
  let opened: Opened;
  beforeAll(async () => {
    opened = await build();
    await opened.database.prisma.auditEvent.createMany({
      data: spellings.map((targetName) => ({
        action: 'authorization_granted',
        actorId: owner,
        targetName,
        details: { changes: [] },
      })),
    });
  });
  afterAll(() => opened?.close());

  it('S-13: a form finds exactly the names with the same accountKey, in capitals, too', async () => {
    const db = opened.database.prisma;
    for (const name of [...spellings, ...strangers]) {
      for (const typed of [name, name.toUpperCase(), name.toLowerCase()]) {
        const microsoftAccountKey = accountKey(typed);
        const isKnown = spellings.some((each) => accountKey(each) === microsoftAccountKey);
        expect(await isMailboxOfAnother(db, { accountId: other, microsoftAccountKey }), typed).toBe(isKnown);
        expect(await isMailboxOfAnother(db, { accountId: owner, microsoftAccountKey }), typed).toBe(false);
      }
    }
  });

  it('S-13: a file and its undo find the same', async () => {
    const { prisma, bulk } = opened.database;
    const givesAway = (importId: number, what: 'apply' | 'undo') =>
      bulk.session((session) => linksMailboxOfAnother(session, { id: importId, table: 'account_links' }, what));
    let importId = 0;
    for (const name of [...spellings, ...strangers]) {
      importId += 1;
      const microsoftAccountKey = accountKey(name);
      const row = { importId, seq: 1, username: 'u', accountId: other };
      await prisma.csvImportRow.createMany({
        data: [
          { ...row, kind: 'added', microsoftAccountKey },
          { ...row, kind: 'removed', before: { microsoftAccountKey } },
          { ...row, kind: 'changed', microsoftAccountKey: 'x', before: { microsoftAccountKey: 'y' } },
        ],
      });
      const isKnown = spellings.includes(name);
      expect(await givesAway(importId, 'apply'), name).toBe(isKnown);
      expect(await givesAway(importId, 'undo'), name).toBe(isKnown);
    }
  });
});
