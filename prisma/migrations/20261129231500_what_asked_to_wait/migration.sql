-- Which error asked for a wait: whoever comes within it is told the same.
ALTER TABLE "Grant" ADD COLUMN "throttledBy" TEXT, ADD COLUMN "throttledStatus" INTEGER,
  ADD COLUMN "tokenWaitUntil" TIMESTAMPTZ(3), ADD COLUMN "tokenWaitBy" TEXT;
-- "metBy" names an account from now on, no grant.
DELETE FROM "TokenPause";
-- A grant of another account than the pinned one was verified by a name that the account no longer has.
UPDATE "Grant" g SET "verifiedLinkKey" = NULL FROM "AccountLink" l
  WHERE l."accountId" = g."accountId" AND lower(l."pinnedObjectId") <> lower(g."objectId");
-- What a diagnosis was of: its result is repeated only while that holds.
ALTER TABLE "DoctorRun" ADD COLUMN "basis" TEXT;
