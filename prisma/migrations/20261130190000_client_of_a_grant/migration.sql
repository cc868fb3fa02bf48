-- AlterTable
ALTER TABLE "Grant" ADD COLUMN     "clientId" TEXT;

-- The app that a provider names now issued its grants, but for those that Microsoft refuses since.
UPDATE "Grant" g SET "clientId" = p."consumerKey" FROM "AuthProvider" p WHERE p.id = g."providerId" AND g."sealedTokens" IS NOT NULL;
