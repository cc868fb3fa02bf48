-- Which error asked for a wait: whoever comes within it is told the same.
ALTER TABLE "Grant" ADD COLUMN "throttledBy" TEXT, ADD COLUMN "throttledStatus" INTEGER,
  ADD COLUMN "tokenWaitUntil" TIMESTAMPTZ(3), ADD COLUMN "tokenWaitBy" TEXT;
-- "metBy" names an account from now on, no grant.
DELETE FROM "TokenPause";
