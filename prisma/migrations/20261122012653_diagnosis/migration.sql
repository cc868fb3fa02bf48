-- AlterTable
ALTER TABLE "AuthProvider" ADD COLUMN     "secretWarnedDays" INTEGER;

-- AlterTable
ALTER TABLE "ErrorEvent" ADD COLUMN     "causeId" INTEGER;

-- AlterTable
ALTER TABLE "Grant" ADD COLUMN     "refreshedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "Settings" ADD COLUMN     "errorRetentionDays" INTEGER NOT NULL DEFAULT 90,
ADD COLUMN     "noSuccessHours" INTEGER NOT NULL DEFAULT 72;

-- CreateTable
CREATE TABLE "ErrorCause" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "suffix" TEXT,
    "origin" TEXT,
    "signature" TEXT,
    "uncatalogued" BOOLEAN NOT NULL DEFAULT false,
    "firstAt" TIMESTAMPTZ(3) NOT NULL,
    "sinceAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "lastErrorId" TEXT NOT NULL,

    CONSTRAINT "ErrorCause_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ErrorCauseUser" (
    "causeId" INTEGER NOT NULL,
    "usernameKey" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "accountId" UUID,
    "firstAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,

    CONSTRAINT "ErrorCauseUser_pkey" PRIMARY KEY ("causeId","usernameKey")
);

-- CreateTable
CREATE TABLE "ErrorCauseHour" (
    "causeId" INTEGER NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,

    CONSTRAINT "ErrorCauseHour_pkey" PRIMARY KEY ("causeId","hour")
);

-- CreateTable
CREATE TABLE "DoctorRun" (
    "id" UUID NOT NULL,
    "activeKey" TEXT,
    "accountId" UUID,
    "username" TEXT,
    "startedBy" TEXT NOT NULL,
    "steps" JSONB NOT NULL,
    "errorId" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DoctorRun_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ErrorCause_key_key" ON "ErrorCause"("key");

-- CreateIndex
CREATE INDEX "ErrorCause_lastAt_id_idx" ON "ErrorCause"("lastAt" DESC, "id");

-- CreateIndex
CREATE INDEX "ErrorCauseUser_causeId_lastAt_usernameKey_idx" ON "ErrorCauseUser"("causeId", "lastAt" DESC, "usernameKey");

-- CreateIndex
CREATE INDEX "ErrorCauseUser_lastAt_idx" ON "ErrorCauseUser"("lastAt");

-- CreateIndex
CREATE INDEX "ErrorCauseHour_hour_idx" ON "ErrorCauseHour"("hour");

-- CreateIndex
CREATE UNIQUE INDEX "DoctorRun_activeKey_key" ON "DoctorRun"("activeKey");

-- CreateIndex
CREATE INDEX "DoctorRun_startedAt_id_idx" ON "DoctorRun"("startedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "DoctorRun_accountId_startedAt_idx" ON "DoctorRun"("accountId", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "ErrorEvent_causeId_occurredAt_id_idx" ON "ErrorEvent"("causeId", "occurredAt" DESC, "id");

-- CreateIndex
CREATE INDEX "Grant_status_refreshedAt_idx" ON "Grant"("status", "refreshedAt");

-- AddForeignKey
ALTER TABLE "DoctorRun" ADD CONSTRAINT "DoctorRun_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Usernames are compared byte by byte, as in the other tables.
ALTER TABLE "ErrorCauseUser" ALTER COLUMN "usernameKey" TYPE TEXT COLLATE "C";

-- Of grants from before, the time of the last refresh is not known; the time of the authorization is the safe guess.
UPDATE "Grant" SET "refreshedAt" = "authorizedAt";
