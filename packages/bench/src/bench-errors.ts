import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { createEventKeeper } from '../../../apps/api/src/error-log/keep-error-events.ts';
import { deleteOldErrorEvents } from '../../../apps/api/src/error-log/records/error-retention.ts';
import { openDatabase } from '../../../apps/api/src/platform/database/open-database.ts';
import { countByCode } from '../../../apps/api/src/triage/records/error-causes.ts';
import { type ArgusUnderTest, startArgus } from './argus-under-test.ts';
import { type TableFigures, tableOf, timeAll } from './bench-table.ts';
import { seedErrors, seededUsers } from './seed-errors.ts';
import { withDatabase } from './with-database.ts';

const day = 86_400_000;

/** Measures エラーログ with `count` events, and prints the figures. Takes some minutes. */
export async function benchErrors(serverUrl: string, count: number, rounds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  try {
    await withDatabase(serverUrl, async (databaseUrl) => {
      const argus = await startArgus(dataDir, databaseUrl);
      try {
        await seedErrors(databaseUrl, count);
        const figures: TableFigures[] = [];
        for (const [kind, paths] of await kindsOf(argus, databaseUrl)) {
          figures.push(await timeAll({ get: argus.get, rounds }, kind, paths));
        }
        console.log(tableOf(figures));
        console.log(`CSV, first byte: ${(await firstByte(argus)).toFixed(0)} ms`);
        await benchRecords(databaseUrl);
      } finally {
        await argus.stop();
      }
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function kindsOf(argus: ArgusUnderTest, databaseUrl: string): Promise<[kind: string, paths: string[]][]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string; causeId: number }>(
    'SELECT id, "causeId" FROM "ErrorEvent" ORDER BY "occurredAt" DESC OFFSET 500000 LIMIT 3',
  );
  await client.end();
  const events = '/api/admin/error-events';
  const at = (ago: number) => new Date(Date.now() - ago * day).toISOString();
  const causes = [1, 20, 150];
  return [
    ...['24h', '7d', '30d'].map((window): [string, string[]] => [
      `board, ${window}`,
      [`/api/admin/error-causes?window=${window}`, `/api/admin/error-causes?window=${window}&area=mail`],
    ]),
    ['one cause, 30d', causes.map((id) => `/api/admin/error-causes/${id}?window=30d`)],
    [
      'users of a cause, ten pages',
      await pagesOf(
        argus,
        causes.map((id) => `/api/admin/error-causes/${id}/users?`),
        10,
      ),
    ],
    [
      'silent users, ten pages',
      await pagesOf(argus, ['/api/admin/silent-users?', '/api/admin/silent-users?tried=true'], 10),
    ],
    ['notices', ['/api/admin/notices']],
    ['events, first page', [events]],
    ['events, by error ID', rows.map(({ id }) => `${events}?errorId=${id}`)],
    ['events, one user', ['user0012345', 'user0099999@argus.example'].map((name) => `${events}?username=${name}`)],
    [
      'events, prefix of users',
      ['u', 'user00', 'user0001', 'user00012', 'nobody'].map((name) => `${events}?username=${name}`),
    ],
    ['events, by code', ['mail_timeout', 'internal_error', 'no_such_code'].map((code) => `${events}?code=${code}`)],
    ['events, by cause', causes.map((id) => `${events}?causeId=${id}`)],
    ['events, by time', [`${events}?to=${at(60)}`, `${events}?from=${at(50)}&to=${at(49)}`, `${events}?to=${at(200)}`]],
    [
      'events, by code and user and time',
      [
        `${events}?code=mail_timeout&username=user0001`,
        `${events}?code=mail_timeout&username=user00&to=${at(60)}`,
        `${events}?causeId=150&username=user000`,
        `${events}?code=mail_timeout&causeId=2`,
      ],
    ],
    [
      'events, pages on',
      await pagesOf(argus, [`${events}?`, `${events}?code=mail_timeout`, `${events}?to=${at(60)}`], 10),
    ],
  ];
}

/** Storing an event, alone and many at once; the counts of エラー辞典; and the retention of a third of the log. */
async function benchRecords(databaseUrl: string): Promise<void> {
  const database = await openDatabase({ kind: 'postgres', url: databaseUrl });
  const db = database.prisma;
  const keep = createEventKeeper(db);
  const event = (index: number) => {
    const id = `S${String(index).padStart(8, '0')}`;
    const username = `user${String(index % seededUsers).padStart(7, '0')}@argus.example`;
    const params = { suffix: 'Bench365', origin: 'https://graph.example' };
    const rest = { accountId: null, stage: 'messages', requestId: 'bench', occurredAt: new Date() };
    return { id, code: 'mail_timeout' as const, username, params, ...rest };
  };
  try {
    const alone: number[] = [];
    for (let index = 0; index < 1_000; index += 1) alone.push(await took(() => keep(event(index))));
    alone.sort((a, b) => a - b);
    console.log(`keeping an event: p50 ${alone[500]?.toFixed(1)} ms, p99 ${alone[990]?.toFixed(1)} ms`);
    const crowd = Array.from({ length: 2_000 }, (_, index) => index + 1_000);
    const together = await took(() => Promise.all(crowd.map((index) => keep(event(index)))));
    console.log(`2,000 at once, of one cause: ${together.toFixed(0)} ms`);
    for (const days of [1, 30]) {
      const since = new Date(Date.now() - days * day);
      await countByCode(db, since);
      console.log(`counts by code, ${days} days: ${(await took(() => countByCode(db, since))).toFixed(0)} ms`);
    }
    const before = new Date(Date.now() - 60 * day);
    console.log(`retention of a third: ${(await took(() => deleteOldErrorEvents(db, { before }))).toFixed(0)} ms`);
  } finally {
    await database.close();
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The pages after the first of each listing. */
async function pagesOf(argus: ArgusUnderTest, listings: readonly string[], pages: number): Promise<string[]> {
  const paths: string[] = [];
  for (const listing of listings) {
    let path = listing;
    for (let page = 0; page < pages; page += 1) {
      paths.push(path);
      const { next } = (await (await argus.get(path)).json()) as { next: string | null };
      if (next === null) break;
      path = `${listing}&after=${next}`;
    }
  }
  return paths;
}

async function firstByte(argus: ArgusUnderTest): Promise<number> {
  const start = performance.now();
  const reply = await argus.get('/api/admin/error-events/csv?encoding=utf-8');
  const reader = reply.body?.getReader();
  await reader?.read();
  const took = performance.now() - start;
  await reader?.cancel();
  return took;
}
