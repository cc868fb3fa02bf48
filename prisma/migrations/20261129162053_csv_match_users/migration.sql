-- AlterEnum
ALTER TYPE "CsvRowKind" ADD VALUE 'unmatched';

-- AlterTable
ALTER TABLE "CsvImport" ADD COLUMN     "matchUsers" BOOLEAN NOT NULL DEFAULT false;
