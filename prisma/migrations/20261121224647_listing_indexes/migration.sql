-- The rare rows that the tables are filtered for, among a million others. Prisma's schema knows no partial index, and
-- leaves those that it finds in peace.
CREATE INDEX "Account_admins_idx" ON "Account"("displayNameKey", "id") WHERE "role" = 'admin';
CREATE INDEX "Account_inactive_idx" ON "Account"("displayNameKey", "id") WHERE NOT "active";
-- A refuted link may be a mismatch, whatever the status of its grant.
CREATE INDEX "Grant_refuted_idx" ON "Grant"("providerId", "accountId") WHERE "refutedLinkKey" IS NOT NULL;
