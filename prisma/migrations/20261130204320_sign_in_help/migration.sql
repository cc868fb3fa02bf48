-- AlterTable
ALTER TABLE "Settings" ADD COLUMN     "signInHelp" TEXT NOT NULL DEFAULT '';
