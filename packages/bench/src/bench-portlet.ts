import { resolve } from 'node:path';
import pg from 'pg';
import { sessionCookieName, signingSecrets } from '../../../apps/api/src/accounts/sessions.ts';
import { createVault } from '../../../apps/api/src/platform/vault/seal.ts';
import type { LoadFigures } from './load/generate-load.ts';
import { onPortletStage, type PortletStage } from './portlet-stage.ts';
import type { ForwardServerOptions } from './references/forward-server.ts';
import type { SessionServerOptions } from './references/session-server.ts';
import { alternate, type ResultRow, spreadOf } from './rounds.ts';
import { benchKey } from './seed-portlet.ts';
import { startServer } from './start-process.ts';

/** How long and how often the portlet is measured. */
export interface PortletBench {
  readonly rounds: number;
  readonly seconds: number;
}

type Rounds = readonly { readonly reference: LoadFigures; readonly argus: LoadFigures }[];

const path = '/api/new-arrivals';
const connections = 64;
const pathOnGraph =
  '/v1.0/me/mailFolders/inbox/messages?$select=id,subject,from,sender,receivedDateTime,isRead,importance,hasAttachments,' +
  'flag,webLink,bodyPreview&$top=10&$orderby=receivedDateTime%20desc';

const ratioOf = (rounds: Rounds, figure: keyof LoadFigures) =>
  spreadOf(rounds.map(({ reference, argus }) => argus[figure] / reference[figure]));
const differenceOf = (rounds: Rounds, figure: keyof LoadFigures) =>
  spreadOf(rounds.map(({ reference, argus }) => argus[figure] - reference[figure]));

function behind(rounds: Rounds, figure: keyof LoadFigures, unit: string): string {
  const of = (who: 'reference' | 'argus') => spreadOf(rounds.map((round) => round[who][figure])).median;
  return `${of('argus').toFixed(1)} : ${of('reference').toFixed(1)} ${unit}`;
}

/** F1, F1b and the memory after them: a kept list that is fresh. */
async function benchWarm(stage: PortletStage, { rounds, seconds }: PortletBench): Promise<ResultRow[]> {
  const { argus, databaseUrl, load } = stage;
  const [probe = ''] = await stage.seed({ users: 1, list: null });
  const fetched = await fetch(argus.url + path, { headers: { cookie: probe } });
  if (!fetched.ok) throw new Error(`${path} answered ${fetched.status}: ${await fetched.text()}`);
  const { items, unreadCount } = (await fetched.json()) as { items: unknown[]; unreadCount: number | null };
  const cookies = await stage.seed({ users: 2_000, list: { items, unreadCount } });
  const idle = await argus.measure();
  const [one = ''] = cookies;
  const kept = await fetch(argus.url + path, { headers: { cookie: one } });
  const options: SessionServerOptions = {
    databaseUrl,
    poolMax: 10,
    secret: signingSecrets(createVault([benchKey]), 'sessions')[0] ?? '',
    cookieName: sessionCookieName,
    body: await kept.text(),
  };
  const reference = await startServer(resolve(import.meta.dirname, 'references/session-server.ts'), options);
  try {
    const order = { connections, seconds, status: 200 } as const;
    const against = (headers: Record<string, string>[]) =>
      alternate(
        rounds,
        () => load.run({ ...order, url: reference.url + path, headers }),
        () => load.run({ ...order, url: argus.url + path, headers }),
      );
    const single = await against([{ cookie: one }]);
    const rows = [
      row(
        'F1',
        'warm list, 64 connections: requests/s',
        ratioOf(single, 'requestsPerSecond'),
        'least',
        0.8,
        behind(single, 'requestsPerSecond', '/s'),
      ),
      row('F1', 'the same: p99', ratioOf(single, 'p99'), 'most', 1.5, behind(single, 'p99', 'ms')),
    ];
    // Warm for everybody: each list has been asked for once.
    for (const cookie of cookies) await (await fetch(argus.url + path, { headers: { cookie } })).arrayBuffer();
    const many = await against(cookies.map((cookie) => ({ cookie })));
    rows.push(
      row(
        'F1b',
        '2,000 users in turn: requests/s',
        ratioOf(many, 'requestsPerSecond'),
        'least',
        0.7,
        behind(many, 'requestsPerSecond', '/s'),
      ),
    );
    const grown = (await argus.measure()).rss - idle.rss;
    const etag = kept.headers.get('etag');
    if (etag !== null) {
      const etagThere = (await fetch(reference.url + path, { headers: { cookie: one } })).headers.get('etag') ?? '';
      const conditional = { ...order, status: 304 } as const;
      const unchanged = await alternate(
        rounds,
        () =>
          load.run({
            ...conditional,
            url: reference.url + path,
            headers: [{ cookie: one, 'if-none-match': etagThere }],
          }),
        () => load.run({ ...conditional, url: argus.url + path, headers: [{ cookie: one, 'if-none-match': etag }] }),
      );
      rows.push(
        row(
          'F1b',
          'unchanged list (304): requests/s',
          ratioOf(unchanged, 'requestsPerSecond'),
          'least',
          0.8,
          behind(unchanged, 'requestsPerSecond', '/s'),
        ),
      );
    }
    const megabytes = grown / 1024 / 1024;
    rows.push(
      row(
        'F6',
        'RSS after F1 over idle, MB',
        spreadOf([megabytes]),
        'most',
        60,
        `idle ${(idle.rss / 1024 / 1024).toFixed(0)} MB`,
      ),
    );
    return rows;
  } finally {
    await reference.stop();
  }
}

/** F2: nothing is kept, so that every request calls Graph. */
async function benchCold(stage: PortletStage, { rounds, seconds }: PortletBench): Promise<ResultRow[]> {
  const { argus, databaseUrl, fake, load } = stage;
  const cookies = await stage.seed({ users: 3_000, list: null });
  const options: ForwardServerOptions = { graphUrl: fake.url, path: pathOnGraph, accessToken: fake.accessToken };
  const reference = await startServer(resolve(import.meta.dirname, 'references/forward-server.ts'), options);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const against = (count: number) => {
      const order = {
        connections: count,
        seconds,
        status: 200,
        headers: cookies.map((cookie) => ({ cookie })),
      } as const;
      return alternate(
        rounds,
        () => load.run({ ...order, url: reference.url + path }),
        async () => {
          // What the last round left.
          await client.query('TRUNCATE "MailCache"');
          return load.run({ ...order, url: argus.url + path });
        },
      );
    };
    const many = await against(connections);
    const single = await against(1);
    return [
      row(
        'F2',
        'nothing kept, 64 connections: requests/s',
        ratioOf(many, 'requestsPerSecond'),
        'least',
        0.6,
        behind(many, 'requestsPerSecond', '/s'),
      ),
      row('F2', '1 connection: ms added at p50', differenceOf(single, 'p50'), 'most', 1.5, behind(single, 'p50', 'ms')),
    ];
  } finally {
    await client.end();
    await reference.stop();
  }
}

function row(
  id: string,
  what: string,
  figure: ResultRow['figure'],
  kind: 'least' | 'most',
  value: number,
  behindIt: string,
): ResultRow {
  return { id, what, figure, limit: { kind, value }, behind: behindIt };
}

/** F1, F1b and F2: the portlet's list, on PostgreSQL. */
export async function benchPortlet(
  serverUrl: string,
  bench: PortletBench,
  only?: 'warm' | 'cold',
): Promise<ResultRow[]> {
  return onPortletStage(serverUrl, async (stage) => [
    ...(only === 'cold' ? [] : await benchWarm(stage, bench)),
    ...(only === 'warm' ? [] : await benchCold(stage, bench)),
  ]);
}
