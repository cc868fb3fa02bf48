-- CreateIndex
CREATE INDEX "ErrorEvent_accountId_occurredAt_idx" ON "ErrorEvent"("accountId", "occurredAt" DESC);
