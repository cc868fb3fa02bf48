-- CreateEnum
CREATE TYPE "CsvTable" AS ENUM ('account_links', 'users');

-- CreateEnum
CREATE TYPE "CsvImportState" AS ENUM ('receiving', 'reading', 'refused', 'ready', 'applying', 'applied', 'undoing', 'undone', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "CsvImportMode" AS ENUM ('merge', 'replace');

-- CreateEnum
CREATE TYPE "CsvRowKind" AS ENUM ('error', 'added', 'changed', 'respelled', 'unchanged', 'removed');

-- DropIndex
DROP INDEX "Account_displayNameKey_prefix";

-- DropIndex
DROP INDEX "Account_usernameKey_prefix";

-- DropIndex
DROP INDEX "AccountLink_microsoftAccountKey_prefix";

-- DropIndex
DROP INDEX "Grant_providerId_idx";

-- CreateTable
CREATE TABLE "Invitation" (
    "tokenHash" TEXT NOT NULL,
    "accountId" UUID NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "CsvImport" (
    "id" SERIAL NOT NULL,
    "table" "CsvTable" NOT NULL,
    "state" "CsvImportState" NOT NULL DEFAULT 'receiving',
    "fileName" TEXT NOT NULL,
    "fileBytes" INTEGER NOT NULL,
    "mode" "CsvImportMode" NOT NULL DEFAULT 'merge',
    "createAccounts" BOOLEAN NOT NULL DEFAULT false,
    "dropDisplayOnly" BOOLEAN NOT NULL DEFAULT false,
    "actorId" UUID,
    "actorUsername" TEXT NOT NULL,
    "encoding" TEXT,
    "separator" TEXT,
    "bytesRead" INTEGER NOT NULL DEFAULT 0,
    "rowsRead" INTEGER NOT NULL DEFAULT 0,
    "rowsDone" INTEGER NOT NULL DEFAULT 0,
    "rowsTotal" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB,
    "refusal" JSONB,
    "planVersion" INTEGER NOT NULL DEFAULT 0,
    "leaseUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "appliedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "CsvImport_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CsvImportPart" (
    "importId" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "CsvImportPart_pkey" PRIMARY KEY ("importId","index")
);

-- CreateTable
CREATE TABLE "CsvImportRow" (
    "importId" INTEGER NOT NULL,
    "kind" "CsvRowKind" NOT NULL,
    "seq" INTEGER NOT NULL,
    "line" INTEGER,
    "username" TEXT NOT NULL,
    "accountId" UUID,
    "createsAccount" BOOLEAN NOT NULL DEFAULT false,
    "linkId" UUID,
    "microsoftAccount" TEXT,
    "before" JSONB,
    "after" JSONB,
    "faults" JSONB,
    "disconnects" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "CsvImportRow_pkey" PRIMARY KEY ("importId","kind","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_accountId_key" ON "Invitation"("accountId");

-- CreateIndex
CREATE INDEX "Invitation_expiresAt_idx" ON "Invitation"("expiresAt");

-- CreateIndex
CREATE INDEX "CsvImport_table_id_idx" ON "CsvImport"("table", "id" DESC);

-- CreateIndex
CREATE INDEX "AccountLink_updatedAt_id_idx" ON "AccountLink"("updatedAt", "id");

-- CreateIndex
CREATE INDEX "Grant_providerId_lastSuccessAt_accountId_idx" ON "Grant"("providerId", "lastSuccessAt", "accountId");

-- CreateIndex
CREATE INDEX "Grant_providerId_status_accountId_idx" ON "Grant"("providerId", "status", "accountId");

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CsvImportPart" ADD CONSTRAINT "CsvImportPart_importId_fkey" FOREIGN KEY ("importId") REFERENCES "CsvImport"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Byte order: an index in it serves uniqueness, prefix search (LIKE 'x%') and order alike, and is cheaper to fill.
ALTER TABLE "Account" ALTER COLUMN "usernameKey" TYPE TEXT COLLATE "C", ALTER COLUMN "displayNameKey" TYPE TEXT COLLATE "C";
ALTER TABLE "AccountLink" ALTER COLUMN "microsoftAccountKey" TYPE TEXT COLLATE "C";
