-- AlterTable
ALTER TABLE "CsvImportRow" ADD COLUMN     "microsoftAccountKey" TEXT,
ADD COLUMN     "usernameKey" TEXT;
