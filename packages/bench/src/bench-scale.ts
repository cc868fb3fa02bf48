import pg from 'pg';
import { readAsAdmin } from './argus-under-test.ts';
import { type TableFigures, timeAll } from './bench-table.ts';
import { onPortletStage } from './portlet-stage.ts';
import { type ResultRow, spreadOf } from './rounds.ts';
import { seedErrors } from './seed-errors.ts';

const links = '/api/admin/account-links';
const sorts = ['displayName', 'username', 'microsoftAccount', 'lastSuccessAt', 'updatedAt'];
const states = ['authorized', 'not_authorized', 'mismatch', 'reconnect_needed'];
const orders = sorts.flatMap((sort) => ['asc', 'desc'].map((order) => `sort=${sort}&order=${order}`));

const kinds: readonly (readonly [kind: string, paths: readonly string[]])[] = [
  ['account list', orders.map((order) => `${links}?${order}`)],
  [
    'account search',
    ['user00000', 'm00000', 'zeppelin'].flatMap((q) => orders.map((order) => `${links}?q=${q}&${order}`)),
  ],
  ['any state, any order', states.flatMap((state) => orders.map((order) => `${links}?state=${state}&${order}`))],
  ['error board', ['24h', '7d', '30d'].map((window) => `/api/admin/error-causes?window=${window}`)],
];

/** The figures of every kind with so many accounts and as many events. */
async function measure(serverUrl: string, count: number, rounds: number): Promise<TableFigures[]> {
  return onPortletStage(serverUrl, async ({ argus, databaseUrl, load, seed }) => {
    const get = await readAsAdmin(argus);
    await seedErrors(databaseUrl, count, count);
    const figures: TableFigures[] = [];
    for (const [kind, paths] of kinds) figures.push(await timeAll({ get, rounds }, kind, paths));
    await reconnect(databaseUrl);
    const [probe = ''] = await seed({ users: 1, list: null });
    const url = `${argus.url}/api/new-arrivals`;
    const { items, unreadCount } = (await (await fetch(url, { headers: { cookie: probe } })).json()) as {
      items: unknown[];
      unreadCount: number | null;
    };
    const cookies = await seed({ users: 50, list: { items, unreadCount } });
    const headers = cookies.map((cookie) => ({ cookie }));
    const { p50, p99 } = await load.run({ url, headers, connections: 1, seconds: 4, status: 200 });
    figures.unshift({ kind: 'portlet', count: 0, p50, p99, slowest: { query: url, ms: p99 } });
    return figures;
  });
}

/** The seeded accounts have a provider of their own, which became the one in use. */
async function reconnect(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`UPDATE "Settings" s SET "authProviderUrlSuffix" = p."urlSuffix", "mailUrl" = r.url || '/v1.0/me/mailFolders/inbox/messages'
    FROM "AuthProvider" p, "RemoteSite" r WHERE p."urlSuffix" = 'Microsoft365' AND r.name = 'Microsoft_Graph'`);
  await client.end();
}

/** F5: what a million accounts and events cost, against a hundred. */
export async function benchScale(serverUrl: string, rounds: number): Promise<ResultRow[]> {
  const few = await measure(serverUrl, 100, rounds);
  const many = await measure(serverUrl, 1_000_000, rounds);
  return many.flatMap((large, index): ResultRow[] => {
    const small = few[index];
    if (!small) return [];
    const ratio: ResultRow = {
      id: 'F5',
      what: `${large.kind}: p50 at 1,000,000 over 100`,
      figure: spreadOf([large.p50 / small.p50]),
      limit: { kind: 'most', value: 1.2 },
      behind: `${large.p50.toFixed(1)} : ${small.p50.toFixed(1)} ms`,
    };
    if (large.kind === 'portlet') return [ratio];
    const p99 = spreadOf([large.p99]);
    return [
      ratio,
      {
        id: 'F5',
        what: `${large.kind}: p99, ms`,
        figure: p99,
        limit: { kind: 'most', value: 100 },
        behind: decodeURIComponent(large.slowest.query),
      },
    ];
  });
}
