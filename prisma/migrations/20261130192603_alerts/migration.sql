-- CreateTable
CREATE TABLE "AlertChannel" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "sealedUrl" TEXT,
    "origin" TEXT,
    "recipients" TEXT NOT NULL DEFAULT '',
    "kinds" TEXT NOT NULL,
    "leastUsers" INTEGER NOT NULL,
    "language" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "lastSentAt" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "retryAt" TIMESTAMPTZ(3),
    "lastErrorAt" TIMESTAMPTZ(3),
    "lastErrorCode" TEXT,
    "lastErrorId" TEXT,
    "lastErrorParams" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AlertChannel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ToldAlert" (
    "channelId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "alert" JSONB NOT NULL,
    "beganAt" TIMESTAMPTZ(3) NOT NULL,
    "toldAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ToldAlert_pkey" PRIMARY KEY ("channelId","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "AlertChannel_nameKey_key" ON "AlertChannel"("nameKey");

-- AddForeignKey
ALTER TABLE "ToldAlert" ADD CONSTRAINT "ToldAlert_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "AlertChannel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
