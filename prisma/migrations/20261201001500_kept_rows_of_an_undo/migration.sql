-- AlterTable
ALTER TABLE "CsvImportRow" ADD COLUMN     "kept" BOOLEAN NOT NULL DEFAULT false;
