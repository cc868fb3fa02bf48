import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { openPglite } from '@argus/api/platform/database/open-pglite';
import { createPgliteAdapter } from '@argus/api/platform/database/pglite-adapter';
import { migrationsFolder, readMigrations } from '@argus/api/platform/database/read-migrations';
import { everything, openSchemaEngine } from '@argus/api/platform/database/schema-engine';
import { repositoryRoot } from './repository-root.ts';

const schemaFile = join(repositoryRoot, 'prisma/schema.prisma');

/** An operator class in the schema's syntax: `field(ops: raw("text_pattern_ops"))`. */
const operatorClass = /\(ops: raw\("[^"]*"\)\)/g;

/** The CREATE INDEX statements of a script, by index name. */
function indexStatements(sql: string): Map<string, string> {
  return new Map(
    Array.from(sql.matchAll(/^CREATE (?:UNIQUE )?INDEX "([^"]+)" .*;$/gm), ([line, name = '']) => [name, line]),
  );
}

/**
 * The SQL from the migrations to the schema, or null where they agree. Computed on an empty PGlite in memory, so it
 * needs no database of yours.
 *
 * The engine reads an index back without its operator class (prisma/orm#28214) and would recreate such an index each
 * time. So the diff runs without operator classes, and they are added to the statements afterwards.
 */
export async function diffMigrations(schema: string): Promise<string | null> {
  const pglite = await openPglite();
  const engine = await openSchemaEngine(createPgliteAdapter(pglite, () => openPglite()));
  const migrations = await readMigrations();
  const diffTo = (content: string) =>
    engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content }] },
      script: true,
      exitCode: true,
      filters: everything,
    });
  try {
    const changes = await diffTo(schema.replaceAll(operatorClass, ''));
    if (changes.exitCode !== 2) return null;
    const withClasses = indexStatements((await diffTo(schema)).stdout ?? '');
    let sql = changes.stdout ?? '';
    for (const [name, statement] of indexStatements(sql))
      sql = sql.replace(statement, () => withClasses.get(name) ?? statement);
    return sql;
  } finally {
    engine.free();
    await pglite.close();
  }
}

/** Writes the next migration. Returns its file, or null where the schema has not changed. */
async function writeMigration(name: string): Promise<string | null> {
  const sql = await diffMigrations(await readFile(schemaFile, 'utf8'));
  if (sql === null) return null;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = join(migrationsFolder, `${stamp}_${name}`, 'migration.sql');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, sql);
  return relative(repositoryRoot, file);
}

/**
 * `pnpm migration:new NAME` writes the migration that the schema still lacks; `--check` only reports whether one is
 * missing, with exit code 2 if so.
 */
export async function newMigration(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { check: { type: 'boolean' } }, allowPositionals: true });
  const [name] = positionals;
  if (values.check) {
    const sql = await diffMigrations(await readFile(schemaFile, 'utf8'));
    if (sql === null) return 0;
    console.error(`prisma/schema.prisma has changes that no migration makes. Run: pnpm migration:new NAME\n\n${sql}`);
    return 2;
  }
  if (!name || !/^[a-z0-9_]+$/.test(name)) {
    console.error('Usage: pnpm migration:new NAME (lower case letters, digits, underscores) or --check');
    return 1;
  }
  const file = await writeMigration(name);
  console.log(file ? `Wrote ${file}. Read it before you commit it.` : 'The migrations already lead to the schema.');
  return 0;
}
