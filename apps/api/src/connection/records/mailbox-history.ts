import { accountKey } from '@argus/contract/account-key';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/**
 * SQL: the ASCII characters of a text's `accountKey`, blanks apart. The names of one account agree in it, whatever the locale of the
 * database: of all other letters only İ gets an ASCII letter in lower case. Names that agree in it need not be of one account, as
 * lower() follows the database's locale beyond ASCII and JavaScript does not: accountKey itself decides.
 */
const roughKey = (text: Prisma.Sql) =>
  // The short form is that of nearly all names, and much faster.
  Prisma.sql`CASE WHEN ${text} COLLATE "C" ~ '[^!-~]'
    THEN regexp_replace(lower(replace(normalize(${text}, NFKC), 'İ', 'i') COLLATE "C"), '[^!-~]', '', 'g')
    ELSE lower(${text} COLLATE "C") END`;

/** A name under which somebody authorized, and the key of an account whose name it may be. */
export interface Candidate {
  readonly name: string;
  readonly key: string;
}

/** So many candidates are not all look-alikes; nobody need read them. */
const mostCandidates = 1_000;

/**
 * SQL: the `Candidate`s among the Microsoft 365 accounts that others than these portal accounts ever authorized, by their names at the
 * time. Read from the audit log, which is never deleted: a revocation deletes the grant.
 * @param links a query for `"accountId"` and `key`, the Microsoft 365 account that it is linked to
 */
export function othersCandidates(links: Prisma.Sql): Prisma.Sql {
  // Materialized: to find a first match, the planner picks plans that run endlessly where there is none.
  return Prisma.sql`
    WITH found AS MATERIALIZED (
      SELECT DISTINCT h."targetName" AS name, l.key FROM (${links}) l
      JOIN "AuditEvent" h ON ${roughKey(Prisma.sql`h."targetName"`)} = ${roughKey(Prisma.sql`l.key`)}
      WHERE h.action = 'authorization_granted' AND h."actorId" IS DISTINCT FROM l."accountId")
    SELECT name, key FROM found LIMIT ${mostCandidates}`;
}

/** Whether one of the candidates is the account itself. */
export function isAnyOfAnother(candidates: readonly Candidate[]): boolean {
  return candidates.length === mostCandidates || candidates.some(({ name, key }) => accountKey(name) === key);
}

/** Whether another portal account has ever authorized this Microsoft 365 account. */
export async function isMailboxOfAnother(
  db: Db,
  { accountId, microsoftAccountKey }: { readonly accountId: string; readonly microsoftAccountKey: string },
): Promise<boolean> {
  const link = Prisma.sql`SELECT ${accountId}::uuid AS "accountId", ${microsoftAccountKey}::text AS key`;
  return isAnyOfAnother(await db.$queryRaw<Candidate[]>(othersCandidates(link)));
}
