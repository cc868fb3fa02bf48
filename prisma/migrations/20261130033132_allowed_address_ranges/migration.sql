-- AlterTable
ALTER TABLE "RemoteSite" ADD COLUMN     "allowedAddressRanges" TEXT NOT NULL DEFAULT '';
