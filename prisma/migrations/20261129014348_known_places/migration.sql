-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN     "count" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "countKey" TEXT;

-- CreateTable
CREATE TABLE "KnownPlace" (
    "accountId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "KnownPlace_pkey" PRIMARY KEY ("accountId","kind","key")
);

-- CreateIndex
CREATE INDEX "KnownPlace_key_idx" ON "KnownPlace"("key");

-- CreateIndex
CREATE INDEX "KnownPlace_usedAt_idx" ON "KnownPlace"("usedAt");

-- CreateIndex
CREATE UNIQUE INDEX "AuditEvent_countKey_key" ON "AuditEvent"("countKey");

-- AddForeignKey
ALTER TABLE "KnownPlace" ADD CONSTRAINT "KnownPlace_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
