import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import pg from 'pg';
import { from } from 'pg-copy-streams';

/** The times of a minimal import of the same file, in milliseconds. */
export interface Baseline {
  /** csv-parse alone, chunk by chunk. */
  readonly parse: number;
  /** COPY of the file into a table of two text columns, without a key or an index. */
  readonly copy: number;
  /** The same into a table whose two columns are unique. */
  readonly copyKeyed: number;
  /** COPY and one INSERT … SELECT into a copy of AccountLink with all its keys, indexes and its foreign key. */
  readonly copyLinked: number;
}

const insertLinked = `INSERT INTO bench_linked (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
  SELECT gen_random_uuid(), a.id, p.b, lower(p.b), now() FROM bench_plain p
  JOIN "Account" a ON a."usernameKey" = lower(p.a)`;

const chunkBytes = 64 * 1024;

function* chunksOf(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * A minimal import of the same file: csv-parse, then COPY and INSERT into a copy of AccountLink with all its keys, indexes and its
 * foreign key, in one transaction. Returns milliseconds.
 */
export async function importPlainly(databaseUrl: string, content: Uint8Array): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('CREATE TABLE bench_linked (LIKE "AccountLink" INCLUDING ALL)');
    await client.query('ALTER TABLE bench_linked ADD FOREIGN KEY ("accountId") REFERENCES "Account" (id)');
    return await timed(async () => {
      await pipeline(Readable.from(chunksOf(content)), parse(), async (rows) => {
        for await (const _row of rows);
      });
      await client.query('BEGIN');
      await client.query('CREATE TEMPORARY TABLE bench_plain (a text, b text) ON COMMIT DROP');
      const into = client.query(from('COPY bench_plain FROM STDIN (FORMAT csv, HEADER true)'));
      await pipeline(Readable.from(chunksOf(content)), into);
      await client.query(insertLinked);
      await client.query('COMMIT');
    });
  } finally {
    await client.query('DROP TABLE bench_linked');
    await client.end();
  }
}

/** Measures the baseline on the database that has the file's accounts. */
export async function measureBaseline(databaseUrl: string, content: Uint8Array): Promise<Baseline> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const copyInto = async (table: string) => {
    const stream = client.query(from(`COPY ${table} FROM STDIN (FORMAT csv, HEADER true)`));
    await pipeline(Readable.from(chunksOf(content)), stream);
  };
  try {
    const parsed = await timed(async () => {
      const parser = parse();
      let rows = 0;
      parser.on('data', () => {
        rows += 1;
      });
      await pipeline(Readable.from(chunksOf(content)), parser);
      if (rows === 0) throw new Error('The file has no rows.');
    });
    await client.query('CREATE TABLE bench_plain (a text, b text)');
    await client.query('CREATE TABLE bench_keyed (a text COLLATE "C" UNIQUE, b text COLLATE "C" UNIQUE)');
    await client.query('CREATE TABLE bench_linked (LIKE "AccountLink" INCLUDING ALL)');
    await client.query('ALTER TABLE bench_linked ADD FOREIGN KEY ("accountId") REFERENCES "Account" (id)');
    const copy = await timed(() => copyInto('bench_plain'));
    const copyKeyed = await timed(() => copyInto('bench_keyed'));
    const copyLinked = copy + (await timed(() => client.query(insertLinked)));
    await client.query('DROP TABLE bench_plain, bench_keyed, bench_linked');
    return { parse: parsed, copy, copyKeyed, copyLinked };
  } finally {
    await client.end();
  }
}
