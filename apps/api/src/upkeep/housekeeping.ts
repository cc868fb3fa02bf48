import { deleteExpiredInvitations } from '../accounts/records/invitations.ts';
import { deleteUnusedPlaces } from '../accounts/records/known-places.ts';
import { deleteExpiredSessions } from '../accounts/records/sessions.ts';
import { deleteExpiredThrottles } from '../accounts/records/sign-in-throttles.ts';
import { deleteExpiredAuthorizationRecords } from '../connection/records/authorization-transactions.ts';
import { deleteExpiredMail } from '../connection/records/mail-cache.ts';
import { deleteOldImports } from '../imports/records/csv-import-data.ts';
import { settleInterrupted } from '../imports/records/csv-import-failure.ts';
import type { Job } from '../platform/jobs/job.ts';

/** How long a file waits to be applied, and how long an applied import can be undone. */
const importIdleMs = 24 * 3600_000;
const importKeptMs = 30 * 24 * 3600_000;

/** Deletes what has expired. No reader relies on it: each checks the expiry itself. */
export const housekeeping: Job = {
  name: 'housekeeping',
  cron: '*/5 * * * *',
  async run({ services: { db, bulk, now } }) {
    const at = now();
    await deleteExpiredSessions(db, at);
    await deleteExpiredAuthorizationRecords(db, at);
    await deleteExpiredMail(db, at);
    await deleteExpiredThrottles(db, at);
    await deleteUnusedPlaces(db, at);
    await settleInterrupted(db, at);
    const before = (ms: number) => new Date(at.getTime() - ms);
    await deleteOldImports({ db, bulk }, { idleSince: before(importIdleMs), keptSince: before(importKeptMs) });
    await deleteExpiredInvitations(db, at);
  },
};
