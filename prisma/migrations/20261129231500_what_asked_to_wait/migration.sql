ALTER TABLE "Grant" ADD COLUMN "throttledBy" TEXT, ADD COLUMN "throttledStatus" INTEGER;
