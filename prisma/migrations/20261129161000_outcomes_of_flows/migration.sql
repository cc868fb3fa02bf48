-- AlterTable
-- A flow or ticket under way gets an outcome of its own, which its browser cannot be known by.
ALTER TABLE "AuthorizationTransaction" ADD COLUMN     "outcomeId" TEXT NOT NULL DEFAULT gen_random_uuid()::text,
ADD COLUMN     "browserHash" TEXT NOT NULL DEFAULT '';
ALTER TABLE "AuthorizationTransaction" ALTER COLUMN "outcomeId" DROP DEFAULT, ALTER COLUMN "browserHash" DROP DEFAULT;

-- AlterTable
ALTER TABLE "AuthorizationTicket" ADD COLUMN     "outcomeId" TEXT NOT NULL DEFAULT gen_random_uuid()::text;
ALTER TABLE "AuthorizationTicket" ALTER COLUMN "outcomeId" DROP DEFAULT;

-- CreateIndex
CREATE UNIQUE INDEX "AuthorizationTransaction_outcomeId_key" ON "AuthorizationTransaction"("outcomeId");

-- CreateIndex
CREATE UNIQUE INDEX "AuthorizationTicket_outcomeId_key" ON "AuthorizationTicket"("outcomeId");
