import type { Db } from '../../platform/database/db.ts';

/** A consumer secret whose end is known. */
export interface ExpiringSecret {
  readonly providerId: string;
  readonly urlSuffix: string;
  /** UTC midnight of the day. */
  readonly expiresOn: Date;
  /** The last warning: so many days ahead; 0 = that it has expired, null = none yet. */
  readonly warnedDays: number | null;
}

export async function listExpiringSecrets(db: Db): Promise<ExpiringSecret[]> {
  const rows = await db.authProvider.findMany({
    where: { consumerSecretExpiresOn: { not: null }, sealedConsumerSecret: { not: null } },
    select: { id: true, urlSuffix: true, consumerSecretExpiresOn: true, secretWarnedDays: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id, urlSuffix, consumerSecretExpiresOn: expiresOn, secretWarnedDays: warnedDays }) =>
    expiresOn === null ? [] : [{ providerId: id, urlSuffix, expiresOn, warnedDays }],
  );
}

/** Notes a warning, unless the date was changed in the meantime. Not by Prisma: nobody changed the provider. */
export async function noteSecretWarned(db: Db, secret: ExpiringSecret, days: number): Promise<void> {
  const expiresOn = secret.expiresOn.toISOString().slice(0, 10);
  await db.$executeRaw`
    UPDATE "AuthProvider" SET "secretWarnedDays" = ${days}
    WHERE id = ${secret.providerId}::uuid AND "consumerSecretExpiresOn" = ${expiresOn}::date`;
}
