import { readSettings } from '../connection/records/settings.ts';
import { deleteOldDoctorRuns, forgetReports } from '../diagnosis/records/doctor-runs.ts';
import { deleteOldErrorEvents } from '../error-log/records/error-retention.ts';
import { forgetImportErrors } from '../imports/records/csv-import-failure.ts';
import type { Job } from '../platform/jobs/job.ts';

const dayMs = 24 * 3600_000;
const doctorRunsKeptDays = 30;

/** Deletes errors older than the retention in 基本設定, and old runs of 接続診断. The audit log is never deleted. */
export const retention: Job = {
  name: 'retention',
  cron: '37 * * * *',
  async run({ services: { db, now }, log }) {
    const { errorRetentionDays } = await readSettings(db);
    const before = (days: number) => new Date(now().getTime() - days * dayMs);
    const events = await deleteOldErrorEvents(db, { before: before(errorRetentionDays) });
    if (events > 0) log.info({ events, errorRetentionDays }, 'old errors deleted');
    await deleteOldDoctorRuns(db, before(doctorRunsKeptDays));
    // Whoever shows an error ID looks it up (`standingErrorIds`); none stays in the database without need.
    await forgetReports(db);
    await forgetImportErrors(db);
  },
};
