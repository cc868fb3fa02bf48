import type { SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';

/** Savepoints of an open transaction, for a `$transaction` inside a `$transaction`. The names come from Prisma. */
export function savepointsOf(
  queryable: SqlQueryable,
): Required<Pick<Transaction, 'createSavepoint' | 'rollbackToSavepoint' | 'releaseSavepoint'>> {
  const run = async (sql: string) => {
    await queryable.executeRaw({ sql, args: [], argTypes: [] });
  };
  return {
    createSavepoint: (name) => run(`SAVEPOINT ${name}`),
    rollbackToSavepoint: (name) => run(`ROLLBACK TO SAVEPOINT ${name}`),
    releaseSavepoint: (name) => run(`RELEASE SAVEPOINT ${name}`),
  };
}
