-- AlterTable
ALTER TABLE "Grant" ADD COLUMN     "keptAliveAt" TIMESTAMPTZ(3),
ADD COLUMN     "refusedOnceAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "TokenPause" (
    "providerId" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3),
    "metBy" UUID,
    "metAt" TIMESTAMPTZ(3),

    CONSTRAINT "TokenPause_pkey" PRIMARY KEY ("providerId")
);

-- AddForeignKey
ALTER TABLE "TokenPause" ADD CONSTRAINT "TokenPause_providerId_fkey" FOREIGN KEY ("providerId") REFERENCES "AuthProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
