import type { UserTodo } from '@argus/contract/endpoints/users/users';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { accountText, limitTo, type NameSearch, nameSearch } from './name-search.ts';

/** Which accounts the table lists. */
export interface AccountFilter {
  /** Parts of name, reading or username. */
  readonly q?: string | undefined;
  readonly role?: 'user' | 'admin' | undefined;
  readonly active?: boolean | undefined;
  /** What is still to be done for them. */
  readonly todo?: UserTodo | undefined;
}

/** A filter as conditions on "Account" a. */
export interface AccountConditions {
  readonly search: NameSearch | undefined;
  /** Apart from the search; undefined where all accounts are listed. */
  readonly kind: Prisma.Sql | undefined;
  /** Search and kind; TRUE where all accounts are listed. */
  readonly where: Prisma.Sql;
  /** Account ids, as `id`, that all listed ones are among, where an index has few of them. */
  readonly rare: ((limit?: number) => Prisma.Sql) | undefined;
}

export async function accountConditions(
  db: Db,
  { q, role, active, todo }: AccountFilter,
  now: Date,
): Promise<AccountConditions> {
  const search = await nameSearch(db, q, [accountText]);
  // Literals, so that the planner considers the partial indexes.
  const conditions = [
    ...(role === undefined ? [] : [role === 'admin' ? Prisma.sql`a.role = 'admin'` : Prisma.sql`a.role = 'user'`]),
    ...(active === undefined ? [] : [active ? Prisma.sql`a.active` : Prisma.sql`NOT a.active`]),
    ...(todo === undefined ? [] : [conditionOf(todo, now)]),
  ];
  const kind = conditions.length === 0 ? undefined : Prisma.join(conditions, ' AND ');
  const isRare = role === 'admin' || active === false || todo !== undefined;
  const both = [search?.where, kind].filter((each) => each !== undefined);
  return {
    search,
    kind,
    where: both.length === 0 ? Prisma.sql`TRUE` : Prisma.join(both, ' AND '),
    rare: kind && isRare ? (limit) => idsWhere(kind, limit) : undefined,
  };
}

/** The ids of the accounts that meet a condition. */
export function idsWhere(condition: Prisma.Sql, limit?: number): Prisma.Sql {
  return Prisma.sql`SELECT a.id FROM "Account" a WHERE ${condition} ${limitTo(limit)}`;
}

function conditionOf(todo: UserTodo, now: Date): Prisma.Sql {
  switch (todo) {
    case 'no_password':
      return Prisma.sql`(a.active AND a."passwordHash" IS NULL)`;
    case 'invited':
      return Prisma.sql`(a.active AND a."passwordHash" IS NULL AND EXISTS (
        SELECT FROM "Invitation" i WHERE i."accountId" = a.id AND i."expiresAt" > ${now}))`;
    case 'unlinked':
      return Prisma.sql`(a.active AND NOT EXISTS (SELECT FROM "AccountLink" k WHERE k."accountId" = a.id))`;
  }
}
