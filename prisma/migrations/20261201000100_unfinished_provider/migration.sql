-- AlterTable
ALTER TABLE "AuthProvider" ADD COLUMN     "unfinished" BOOLEAN NOT NULL DEFAULT false;
