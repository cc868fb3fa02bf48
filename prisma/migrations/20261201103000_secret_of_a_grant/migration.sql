-- AlterTable
ALTER TABLE "Grant" ADD COLUMN     "secretSetAt" TIMESTAMPTZ(3);
