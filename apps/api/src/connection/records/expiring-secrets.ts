import type { Db } from '../../platform/database/db.ts';

/** A consumer secret with a known expiry. */
export interface ExpiringSecret {
  readonly providerId: string;
  readonly urlSuffix: string;
  /** UTC midnight of the day. */
  readonly expiresOn: Date;
  /** The last warning, in days before expiry; 0 = warned that it has expired, null = not warned yet. */
  readonly warnedDays: number | null;
}

export async function listExpiringSecrets(db: Db): Promise<ExpiringSecret[]> {
  const rows = await db.authProvider.findMany({
    where: { consumerSecretExpiresOn: { not: null }, sealedConsumerSecret: { not: null }, unfinished: false },
    select: { id: true, urlSuffix: true, consumerSecretExpiresOn: true, secretWarnedDays: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id, urlSuffix, consumerSecretExpiresOn: expiresOn, secretWarnedDays: warnedDays }) =>
    expiresOn === null ? [] : [{ providerId: id, urlSuffix, expiresOn, warnedDays }],
  );
}

/**
 * Records a warning, unless the date was changed meanwhile. Raw SQL, as Prisma would set updatedAt although nobody
 * edited the provider.
 */
export async function noteSecretWarned(db: Db, secret: ExpiringSecret, days: number): Promise<void> {
  const expiresOn = secret.expiresOn.toISOString().slice(0, 10);
  await db.$executeRaw`
    UPDATE "AuthProvider" SET "secretWarnedDays" = ${days}
    WHERE id = ${secret.providerId}::uuid AND "consumerSecretExpiresOn" = ${expiresOn}::date`;
}
