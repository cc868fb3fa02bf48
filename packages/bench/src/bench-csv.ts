import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import pg from 'pg';
import { type ArgusUnderTest, startArgus } from './argus-under-test.ts';
import { measureBaseline } from './csv-baseline.ts';
import { withDatabase } from './with-database.ts';

const megabyte = 1024 * 1024;

/** One row of the report. Times in milliseconds, memory in megabytes. */
interface Line {
  readonly what: string;
  readonly total: number;
  readonly preview: number;
  readonly apply: number;
  readonly memory: number;
  readonly loopP99: number;
  readonly loopMax: number;
  /** Of a page of the table, requested throughout: 99th percentile. */
  readonly pageP99: number;
}

/** A file that links `count` accounts `user0000000@…`; one in `changedEvery` links to a different account. */
export function fileOf(count: number, changedEvery = Number.POSITIVE_INFINITY): Uint8Array {
  const lines = ['\ufeffSalesforceアカウント,Microsoft365アカウント\r\n'];
  for (let index = 0; index < count; index += 1) {
    const number = String(index).padStart(7, '0');
    const name = index % changedEvery === changedEvery - 1 ? 'moved' : 'user';
    lines.push(`user${number}@argus.example,${name}${number}@contoso.example\r\n`);
  }
  return Buffer.from(lines.join(''));
}

/** Portal accounts without a link, with ids in creation order, as in Argus. */
export async function addAccounts(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
       SELECT ('0190' || lpad(to_hex(i), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, username, username,
         '利用者 ' || i, '利用者 ' || i, now()
       FROM (SELECT i, 'user' || lpad(i::text, 7, '0') || '@argus.example' AS username
         FROM generate_series(0, $1::int - 1) AS i) AS people`,
      [count],
    );
    await client.query('VACUUM (ANALYZE) "Account"');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

/** Requests a page of the table repeatedly, as another administrator would. */
function askForPages(argus: ArgusUnderTest): () => Promise<number> {
  const took: number[] = [];
  let asking = true;
  const asked = (async () => {
    while (asking) {
      const began = performance.now();
      await (await argus.get('/api/admin/account-links?pageSize=20')).arrayBuffer();
      took.push(performance.now() - began);
      await sleep(50);
    }
  })();
  return async () => {
    asking = false;
    await asked;
    took.sort((a, b) => a - b);
    return took[Math.min(took.length - 1, Math.floor(took.length * 0.99))] ?? 0;
  };
}

async function measureImport(
  argus: ArgusUnderTest,
  what: string,
  content: Uint8Array,
  createAccounts = false,
): Promise<{ line: Line; done: CsvImportView }> {
  const { rss } = await argus.measure();
  const pages = askForPages(argus);
  const began = performance.now();
  const previewed = await argus.preview(content, createAccounts);
  const previewedAt = performance.now();
  const changes = (previewed.counts?.added ?? 0) + (previewed.counts?.changed ?? 0);
  const done = changes > 0 ? await argus.apply(previewed) : previewed;
  const ended = performance.now();
  if (previewed.state !== 'ready' || (changes > 0 && done.state !== 'applied')) {
    throw new Error(`${what}: ${previewed.state}, ${done.state}: ${JSON.stringify(done.problem)}`);
  }
  const pageP99 = await pages();
  const cost = await argus.measure();
  const line = {
    what,
    total: ended - began,
    preview: previewedAt - began,
    apply: ended - previewedAt,
    memory: (cost.peakRss - rss) / megabyte,
    loopP99: cost.loopP99,
    loopMax: cost.loopMax,
    pageP99,
  };
  return { line, done };
}

async function measureUndo(argus: ArgusUnderTest, applied: CsvImportView): Promise<Line> {
  const { rss } = await argus.measure();
  const pages = askForPages(argus);
  const began = performance.now();
  const undone = await argus.undo(applied);
  const total = performance.now() - began;
  if (undone.state !== 'undone') throw new Error(`The undo ended as ${undone.state}.`);
  const pageP99 = await pages();
  const cost = await argus.measure();
  const memory = (cost.peakRss - rss) / megabyte;
  return {
    what: 'undo of the first',
    total,
    preview: 0,
    apply: total,
    memory,
    loopP99: cost.loopP99,
    loopMax: cost.loopMax,
    pageP99,
  };
}

/** First byte, time and memory of CSV出力. */
async function measureExport(
  argus: ArgusUnderTest,
  encoding: 'utf-8' | 'cp932',
): Promise<Line & { firstByte: number }> {
  const { rss } = await argus.measure();
  const began = performance.now();
  const reply = await argus.get(`/api/admin/account-links/csv?form=full&encoding=${encoding}`);
  let firstByte = 0;
  for await (const _ of reply.body ?? []) firstByte ||= performance.now() - began;
  const total = performance.now() - began;
  const cost = await argus.measure();
  const memory = (cost.peakRss - rss) / megabyte;
  return {
    what: `CSV出力 ${encoding}`,
    total,
    preview: 0,
    apply: 0,
    memory,
    loopP99: cost.loopP99,
    loopMax: cost.loopMax,
    pageP99: 0,
    firstByte,
  };
}

const ms = (value: number) => `${Math.round(value)} ms`;

function print(line: Line): void {
  const { what, total, preview, apply, memory, loopP99, loopMax, pageP99 } = line;
  console.log(
    `| ${what} | ${ms(total)} | ${ms(preview)} | ${ms(apply)} | ${Math.round(memory)} MB | ${ms(loopP99)} | ${ms(loopMax)} | ${ms(pageP99)} |`,
  );
}

async function benchPostgres(serverUrl: string, count: number): Promise<number> {
  return withDatabase(serverUrl, async (databaseUrl) => {
    const folder = await mkdtemp(join(tmpdir(), 'argus-bench-'));
    const argus = await startArgus(folder, databaseUrl);
    try {
      await addAccounts(databaseUrl, count);
      const content = fileOf(count);
      const baseline = await measureBaseline(databaseUrl, content);
      console.log(
        `\n## PostgreSQL, ${count.toLocaleString('en')} rows, ${(content.length / megabyte).toFixed(1)} MB\n`,
      );
      console.log(
        `Baseline: csv-parse ${ms(baseline.parse)}; COPY ${ms(baseline.copy)}; into unique columns ${ms(baseline.copyKeyed)}; ` +
          `and on into a copy of AccountLink ${ms(baseline.copyLinked)}\n`,
      );
      console.log(
        '| import | upload to applied | to preview | apply | memory growth | loop p99 | loop max | page p99 |',
      );
      console.log('|---|---|---|---|---|---|---|---|');
      // The first small import loads what is compiled on first use.
      await argus.undo(await argus.apply(await argus.preview(fileOf(Math.min(1_000, count)))));
      const first = await measureImport(argus, 'all added', content);
      print(first.line);
      print((await measureImport(argus, 'the same again', content)).line);
      const { line, done } = await measureImport(argus, '1 in 100 changed', fileOf(count, 100));
      print(line);
      for (const encoding of ['utf-8', 'cp932'] as const) {
        const exported = await measureExport(argus, encoding);
        print({ ...exported, what: `${exported.what} (first byte ${ms(exported.firstByte)})` });
      }
      await argus.undo(done);
      print(await measureUndo(argus, first.done));
      const ratio = (against: number) => (first.line.total / (baseline.parse + against)).toFixed(2);
      console.log(
        `\nall added / (csv-parse + COPY): ${ratio(baseline.copy)}; COPY into unique columns: ${ratio(baseline.copyKeyed)}; ` +
          `COPY and into AccountLink: ${ratio(baseline.copyLinked)}`,
      );
      return first.line.total;
    } finally {
      await argus.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** On PGlite the file has to create its accounts, as nothing else may use the database. */
async function benchPglite(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-bench-'));
  const argus = await startArgus(folder);
  try {
    const content = fileOf(count);
    console.log(`\n## PGlite, ${count.toLocaleString('en')} rows, portal accounts created by the import\n`);
    console.log('| import | upload to applied | to preview | apply | memory growth | loop p99 | loop max | page p99 |');
    console.log('|---|---|---|---|---|---|---|---|');
    print((await measureImport(argus, 'all added', content, true)).line);
    print((await measureImport(argus, 'the same again', content)).line);
  } finally {
    await argus.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * `pnpm bench csv [ROWS …] [--pglite]`: CSV取込 and CSV出力 of that many rows (100,000 and 1,000,000 by default) against
 * a minimal baseline for the same file, in the same run.
 */
export async function benchCsv(serverUrl: string, counts: readonly number[], pglite: boolean): Promise<void> {
  if (pglite) {
    for (const count of counts) await benchPglite(count);
    return;
  }
  const totals = new Map<number, number>();
  for (const count of counts) totals.set(count, await benchPostgres(serverUrl, count));
  const [small, large] = [totals.get(100_000), totals.get(1_000_000)];
  if (small && large) console.log(`\n1,000,000 rows / 100,000 rows: ${(large / small).toFixed(1)}`);
}
