import { performance } from 'node:perf_hooks';

/** An Argus with a database filled by seedAccounts, used as an administrator. */
export interface TableBench {
  readonly get: (path: string) => Promise<Response>;
  /** How often each query is sent, sequentially, after one warm-up. */
  readonly rounds: number;
}

/** Times in milliseconds, from sending a query to having read its reply, over all queries of a kind. */
export interface TableFigures {
  readonly kind: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: { readonly query: string; readonly ms: number };
}

interface Reply {
  readonly next: string | null;
}

const linkPath = '/api/admin/account-links';
const userPath = '/api/admin/users';
const sorts = ['displayName', 'username', 'microsoftAccount', 'lastSuccessAt', 'updatedAt'];
const directions = ['asc', 'desc'];
const orders = sorts.flatMap((sort) => directions.map((order) => ({ sort, order })));
/** From one row to all of them; those that match a tenth of all rows are at the end of one order or another. */
const searches = {
  'one row': ['user0999999', 'm0012345', '山田 0000001'],
  'hundreds or thousands of rows': ['zeppelin', 'user00012', 'm0999', '山田 0001'],
  'a hundredth or a tenth of the rows': ['user000', 'user00', 'user09', 'm00', 'm09', '山田', '佐藤'],
  'every row': ['u', 'USER0', 'm'],
  'no row': ['nobody', 'ｘｘ'],
};
const states = ['authorized', 'not_authorized', 'mismatch', 'reconnect_needed'];

/** Times the tables アカウント情報 and 利用者 over HTTP: every order, the pages after the first, each search, each filter. */
export async function benchTable(bench: TableBench): Promise<TableFigures[]> {
  const kinds: [kind: string, paths: string[]][] = [
    ['links: every order, first page', orders.map((order) => path(linkPath, order))],
    ['links: every order, ten pages on', await pagesOn(bench, orders, 10)],
    ...Object.entries(searches).map(([kind, prefixes]): [string, string[]] => [
      `links: search, ${kind}, every order`,
      prefixes.flatMap((q) => orders.map((order) => path(linkPath, { q, ...order }))),
    ]),
    ...states.map((state): [string, string[]] => [
      `links: state ${state}, every order`,
      orders.map((order) => path(linkPath, { state, ...order })),
    ]),
    ['users: first page', [path(userPath, {})]],
    ['users: search', Object.values(searches).flatMap((prefixes) => prefixes.map((q) => path(userPath, { q })))],
    [
      'users: role or active',
      [{ role: 'admin' }, { role: 'user' }, { active: 'false' }, { active: 'true' }, { role: 'admin', q: 'user0' }].map(
        (query) => path(userPath, query),
      ),
    ],
  ];
  const figures: TableFigures[] = [];
  for (const [kind, paths] of kinds) figures.push(await timeAll(bench, kind, paths));
  return figures;
}

/** The figures as a table in Markdown. */
export function tableOf(figures: readonly TableFigures[]): string {
  const rows = figures.map(
    ({ kind, count, p50, p99, slowest }) =>
      `| ${kind} | ${count} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${slowest.ms.toFixed(0)} | ${decodeURIComponent(slowest.query)} |`,
  );
  return [
    '| kind | queries | p50 ms | p99 ms | slowest ms | slowest query |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function path(base: string, query: Record<string, string>): string {
  const search = new URLSearchParams(query);
  return search.size > 0 ? `${base}?${search}` : base;
}

async function read(bench: TableBench, query: string): Promise<Reply> {
  const reply = await bench.get(query);
  const body = await reply.text();
  if (!reply.ok) throw new Error(`${query} answered ${reply.status}: ${body.slice(0, 300)}`);
  return JSON.parse(body) as Reply;
}

async function pagesOn(
  bench: TableBench,
  queries: readonly Record<string, string>[],
  pages: number,
): Promise<string[]> {
  const paths: string[] = [];
  for (const query of queries) {
    let { next } = await read(bench, path(linkPath, query));
    for (let page = 1; page < pages && next !== null; page += 1) {
      const here: string = path(linkPath, { ...query, after: next });
      paths.push(here);
      ({ next } = await read(bench, here));
    }
  }
  return paths;
}

/** Sends each query `rounds` times, and returns the figures. */
export async function timeAll(bench: TableBench, kind: string, paths: readonly string[]): Promise<TableFigures> {
  for (const each of paths) await read(bench, each);
  const times: { query: string; ms: number }[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const query of paths) {
      const start = performance.now();
      await read(bench, query);
      times.push({ query, ms: performance.now() - start });
    }
  }
  times.sort((a, b) => a.ms - b.ms);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]?.ms ?? 0;
  return { kind, count: times.length, p50: at(0.5), p99: at(0.99), slowest: times.at(-1) ?? { query: '', ms: 0 } };
}
