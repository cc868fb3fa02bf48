import type { PGlite } from '@electric-sql/pglite';

interface Column {
  readonly place: string;
  readonly type: string;
  readonly required: boolean;
  readonly filled: boolean;
}

/** A unique index, or a foreign key, check or exclusion, with the columns that it is about. */
interface Rule {
  readonly table: string;
  readonly definition: string;
  readonly columns: readonly string[];
}

/** What code of one version relies on in a schema, as the database itself describes it. */
interface Shape {
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, Column>;
  readonly rules: ReadonlyMap<string, Rule>;
  /** "Type.value" of every enum. */
  readonly enumValues: ReadonlySet<string>;
}

const inPublic = `n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'`;

export async function readShape(database: PGlite): Promise<Shape> {
  const columns = await database.query<Column & { table: string }>(
    `SELECT c.relname AS table, c.relname || '.' || a.attname AS place, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS required, a.atthasdef OR a.attidentity <> '' AS filled
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE ${inPublic} AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  const names = (keys: string) => `array(SELECT c.relname || '.' || a.attname FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (${keys}))`;
  const rules = await database.query<Rule>(
    `SELECT c.relname AS table, pg_get_indexdef(i.indexrelid) AS definition, ${names('i.indkey')} AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${inPublic} AND i.indisunique
     UNION ALL
     SELECT c.relname, pg_get_constraintdef(k.oid), ${names('k.conkey')}
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${inPublic} AND k.contype IN ('c', 'f', 'x')`,
  );
  const values = await database.query<{ value: string }>(
    `SELECT t.typname || '.' || e.enumlabel AS value FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid`,
  );
  return {
    tables: new Set(columns.rows.map(({ table }) => table)),
    columns: new Map(columns.rows.map((column) => [column.place, column])),
    rules: new Map(rules.rows.map((rule) => [`${rule.table}: ${rule.definition}`, rule])),
    enumValues: new Set(values.rows.map(({ value }) => value)),
  };
}

/** Where code written for `before` may fail on `after`, which newer code already uses. One line each. */
export function whatOlderCodeMeets(before: Shape, after: Shape): string[] {
  const isNew = (place: string) => !before.columns.has(place);
  const tableOf = (place: string) => place.split('.')[0] ?? '';
  const met: string[] = [];
  for (const table of before.tables) if (!after.tables.has(table)) met.push(`${table} is gone`);
  for (const [place, was] of before.columns) {
    const is = after.columns.get(place);
    if (!is) {
      if (after.tables.has(tableOf(place))) met.push(`${place} is gone`);
      continue;
    }
    if (is.type !== was.type) met.push(`${place} is ${is.type}`);
    if (is.required && !was.required) met.push(`${place} is required`);
    if (!is.required && was.required) met.push(`${place} may be null`);
    if (is.required && was.filled && !is.filled) met.push(`${place} has no default`);
  }
  for (const [place, { required, filled }] of after.columns) {
    if (isNew(place) && before.tables.has(tableOf(place)) && required && !filled) met.push(`${place} is required`);
  }
  for (const [key, { table, columns }] of after.rules) {
    // Older code leaves a new column empty, which no rule refuses.
    const isOfEmpty =
      columns.length > 0 && columns.every((place) => isNew(place) && !after.columns.get(place)?.required);
    if (!before.rules.has(key) && before.tables.has(table) && !isOfEmpty) met.push(`${key} is a new rule`);
  }
  const knownTypes = new Set([...before.enumValues].map(tableOf));
  for (const value of before.enumValues) if (!after.enumValues.has(value)) met.push(`${value} is gone`);
  for (const value of after.enumValues) {
    if (knownTypes.has(tableOf(value)) && !before.enumValues.has(value)) met.push(`${value} is a new value`);
  }
  return met;
}
