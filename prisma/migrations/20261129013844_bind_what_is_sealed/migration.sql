-- Both live for minutes: rows of before lack what the new columns say, and are not worth converting.
DELETE FROM "MailCache";
DELETE FROM "AuthorizationOutcome";

-- AlterTable
ALTER TABLE "AuthProvider" ADD COLUMN     "secretOrigin" TEXT;

-- AlterTable
ALTER TABLE "AuthorizationOutcome" ADD COLUMN     "code" TEXT,
ADD COLUMN     "params" JSONB,
ADD COLUMN     "result" TEXT NOT NULL;

-- AlterTable
ALTER TABLE "AuthorizationTicket" ADD COLUMN     "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "Grant" ADD COLUMN     "mailOrigin" TEXT,
ADD COLUMN     "tokenOrigin" TEXT;

-- AlterTable
ALTER TABLE "MailCache" ADD COLUMN     "grantId" UUID NOT NULL,
ADD COLUMN     "linkKey" TEXT NOT NULL;

-- CreateIndex
CREATE INDEX "AuthorizationOutcome_accountId_createdAt_idx" ON "AuthorizationOutcome"("accountId", "createdAt");

-- CreateIndex
CREATE INDEX "AuthorizationTicket_accountId_createdAt_idx" ON "AuthorizationTicket"("accountId", "createdAt");

-- CreateIndex
CREATE INDEX "AuthorizationTransaction_accountId_createdAt_idx" ON "AuthorizationTransaction"("accountId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "MailCache_grantId_key" ON "MailCache"("grantId");

-- AddForeignKey
ALTER TABLE "MailCache" ADD CONSTRAINT "MailCache_grantId_fkey" FOREIGN KEY ("grantId") REFERENCES "Grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
