-- CreateEnum
CREATE TYPE "Role" AS ENUM ('user', 'admin');

-- CreateEnum
CREATE TYPE "ClientAuthentication" AS ENUM ('body', 'header');

-- CreateEnum
CREATE TYPE "GrantStatus" AS ENUM ('authorized', 'reconnect_needed', 'mismatch');

-- CreateTable
CREATE TABLE "Account" (
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "usernameKey" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "displayNameKey" TEXT NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'user',
    "salesforceId" TEXT,
    "passwordHash" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "language" TEXT,
    "lastSignInAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "accountId" UUID,
    "data" JSONB NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInThrottle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "windowEndsAt" TIMESTAMPTZ(3) NOT NULL,
    "blockedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "SignInThrottle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "FirstAdminInvitation" (
    "tokenHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "FirstAdminInvitation_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mailUrl" TEXT NOT NULL,
    "authProviderUrlSuffix" TEXT NOT NULL,
    "mailCount" INTEGER NOT NULL,
    "unreadOnly" BOOLEAN NOT NULL,
    "previewEnabled" BOOLEAN NOT NULL,
    "refreshIntervalSeconds" INTEGER NOT NULL,
    "connectTimeoutSeconds" INTEGER NOT NULL,
    "totalTimeoutSeconds" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuthProvider" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "urlSuffix" TEXT NOT NULL,
    "urlSuffixKey" TEXT NOT NULL,
    "consumerKey" TEXT NOT NULL,
    "sealedConsumerSecret" TEXT,
    "consumerSecretSetAt" TIMESTAMPTZ(3),
    "consumerSecretExpiresOn" DATE,
    "authorizeEndpointUrl" TEXT NOT NULL,
    "tokenEndpointUrl" TEXT NOT NULL,
    "issuer" TEXT,
    "defaultScopes" TEXT NOT NULL,
    "resource" TEXT,
    "clientAuthentication" "ClientAuthentication" NOT NULL DEFAULT 'body',
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuthProvider_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RemoteSite" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "disableProtocolSecurity" BOOLEAN NOT NULL DEFAULT false,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RemoteSite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AccountLink" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "microsoftAccount" TEXT NOT NULL,
    "microsoftAccountKey" TEXT NOT NULL,
    "pinnedTenantId" TEXT,
    "pinnedObjectId" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AccountLink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Grant" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "providerId" UUID NOT NULL,
    "status" "GrantStatus" NOT NULL,
    "sealedTokens" TEXT,
    "accessExpiresAt" TIMESTAMPTZ(3),
    "microsoftAccount" TEXT NOT NULL,
    "tenantId" TEXT,
    "objectId" TEXT,
    "verifiedLinkKey" TEXT,
    "refutedLinkKey" TEXT,
    "authorizedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSuccessAt" TIMESTAMPTZ(3),
    "lastErrorCode" TEXT,
    "lastErrorAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "refreshLeaseId" UUID,
    "refreshLeaseUntil" TIMESTAMPTZ(3),
    "throttledUntil" TIMESTAMPTZ(3),
    "refreshNotBefore" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuthorizationTransaction" (
    "stateHash" TEXT NOT NULL,
    "accountId" UUID NOT NULL,
    "providerId" UUID NOT NULL,
    "nonce" TEXT NOT NULL,
    "display" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "consumedAt" TIMESTAMPTZ(3),

    CONSTRAINT "AuthorizationTransaction_pkey" PRIMARY KEY ("stateHash")
);

-- CreateTable
CREATE TABLE "AuthorizationTicket" (
    "tokenHash" TEXT NOT NULL,
    "accountId" UUID NOT NULL,
    "urlSuffix" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuthorizationTicket_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "AuthorizationOutcome" (
    "id" TEXT NOT NULL,
    "accountId" UUID,
    "browserHash" TEXT NOT NULL,
    "display" TEXT NOT NULL,
    "errorId" TEXT,
    "hint" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuthorizationOutcome_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MailCache" (
    "accountId" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "fetchedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MailCache_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "ErrorEvent" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "accountId" UUID,
    "username" TEXT,
    "usernameKey" TEXT,
    "stage" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "upstream" JSONB,
    "requestId" TEXT NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ErrorEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "actorId" UUID,
    "actorUsername" TEXT,
    "targetKind" TEXT,
    "targetId" TEXT,
    "targetName" TEXT,
    "details" JSONB NOT NULL,
    "address" TEXT,
    "requestId" TEXT,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VaultKey" (
    "kid" TEXT NOT NULL,
    "sealedCheck" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "VaultKey_pkey" PRIMARY KEY ("kid")
);

-- CreateIndex
CREATE UNIQUE INDEX "Account_usernameKey_key" ON "Account"("usernameKey");

-- CreateIndex
CREATE UNIQUE INDEX "Account_salesforceId_key" ON "Account"("salesforceId");

-- CreateIndex
CREATE INDEX "Account_usernameKey_prefix" ON "Account"("usernameKey" text_pattern_ops);

-- CreateIndex
CREATE INDEX "Account_displayNameKey_prefix" ON "Account"("displayNameKey" text_pattern_ops);

-- CreateIndex
CREATE INDEX "Account_displayNameKey_id_idx" ON "Account"("displayNameKey", "id");

-- CreateIndex
CREATE INDEX "Session_accountId_idx" ON "Session"("accountId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "SignInThrottle_windowEndsAt_idx" ON "SignInThrottle"("windowEndsAt");

-- CreateIndex
CREATE UNIQUE INDEX "AuthProvider_urlSuffixKey_key" ON "AuthProvider"("urlSuffixKey");

-- CreateIndex
CREATE UNIQUE INDEX "RemoteSite_nameKey_key" ON "RemoteSite"("nameKey");

-- CreateIndex
CREATE UNIQUE INDEX "RemoteSite_origin_key" ON "RemoteSite"("origin");

-- CreateIndex
CREATE UNIQUE INDEX "AccountLink_accountId_key" ON "AccountLink"("accountId");

-- CreateIndex
CREATE UNIQUE INDEX "AccountLink_microsoftAccountKey_key" ON "AccountLink"("microsoftAccountKey");

-- CreateIndex
CREATE INDEX "AccountLink_microsoftAccountKey_prefix" ON "AccountLink"("microsoftAccountKey" text_pattern_ops);

-- CreateIndex
CREATE INDEX "Grant_providerId_idx" ON "Grant"("providerId");

-- CreateIndex
CREATE UNIQUE INDEX "Grant_accountId_providerId_key" ON "Grant"("accountId", "providerId");

-- CreateIndex
CREATE INDEX "AuthorizationTransaction_expiresAt_idx" ON "AuthorizationTransaction"("expiresAt");

-- CreateIndex
CREATE INDEX "AuthorizationTicket_expiresAt_idx" ON "AuthorizationTicket"("expiresAt");

-- CreateIndex
CREATE INDEX "AuthorizationOutcome_expiresAt_idx" ON "AuthorizationOutcome"("expiresAt");

-- CreateIndex
CREATE INDEX "MailCache_expiresAt_idx" ON "MailCache"("expiresAt");

-- CreateIndex
CREATE INDEX "ErrorEvent_occurredAt_id_idx" ON "ErrorEvent"("occurredAt" DESC, "id");

-- CreateIndex
CREATE INDEX "ErrorEvent_code_occurredAt_idx" ON "ErrorEvent"("code", "occurredAt" DESC);

-- CreateIndex
CREATE INDEX "ErrorEvent_usernameKey_occurredAt_idx" ON "ErrorEvent"("usernameKey" text_pattern_ops, "occurredAt" DESC);

-- CreateIndex
CREATE INDEX "AuditEvent_occurredAt_id_idx" ON "AuditEvent"("occurredAt" DESC, "id");

-- CreateIndex
CREATE INDEX "AuditEvent_action_occurredAt_idx" ON "AuditEvent"("action", "occurredAt" DESC);

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccountLink" ADD CONSTRAINT "AccountLink_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_providerId_fkey" FOREIGN KEY ("providerId") REFERENCES "AuthProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuthorizationTransaction" ADD CONSTRAINT "AuthorizationTransaction_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuthorizationTransaction" ADD CONSTRAINT "AuthorizationTransaction_providerId_fkey" FOREIGN KEY ("providerId") REFERENCES "AuthProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuthorizationTicket" ADD CONSTRAINT "AuthorizationTicket_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuthorizationOutcome" ADD CONSTRAINT "AuthorizationOutcome_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MailCache" ADD CONSTRAINT "MailCache_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
