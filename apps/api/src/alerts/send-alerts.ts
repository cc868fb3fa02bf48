import {
  type AlertChannel,
  listAlertChannels,
  recordAlertFailure,
  recordAlertSent,
} from '../connection/records/alert-channels.ts';
import { reportFault } from '../error-log/report-fault.ts';
import { inTransaction } from '../platform/database/db.ts';
import type { Job, JobRun } from '../platform/jobs/job.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { deliver } from './deliver.ts';
import { messageOf } from './message.ts';
import { type Alert, readAlerts } from './read-alerts.ts';
import { listToldAlerts, saveTelling } from './records/told-alerts.ts';
import { whatToTell } from './tell.ts';

const minuteMs = 60_000;
const longestWaitMs = 60 * minuteMs;

/** When a channel is tried again after a number of failures: after a minute, then twice as long each time, at most an hour. */
export function nextTry(failures: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(minuteMs * 2 ** Math.max(0, failures - 1), longestWaitMs));
}

/** Tells every channel what began and what ended since the last run. */
export const sendAlerts: Job = {
  name: 'alerts',
  cron: '* * * * *',
  async run(run) {
    const { db, now } = run.services;
    const channels = (await listAlertChannels(db)).filter(
      ({ active, retryAt }) => active && (retryAt === null || retryAt <= now()),
    );
    if (channels.length === 0) return;
    const alerts = await readAlerts(run.services);
    for (const channel of channels) {
      if (run.signal.aborted) return;
      await tellChannel(run, channel, alerts);
    }
  },
};

/**
 * What was told is stored only once the channel has accepted it: a crash in between repeats an alert rather than losing it.
 */
async function tellChannel(run: JobRun, channel: AlertChannel, alerts: readonly Alert[]): Promise<void> {
  const { services, log } = run;
  const { db, config } = services;
  const at = services.now();
  const { news, telling } = whatToTell(channel, alerts, await listToldAlerts(db, channel.id), at);
  const to = { language: channel.language, publicUrl: config.http.publicUrl };
  const message = messageOf(news, to, at);
  try {
    if (message) await deliver(services, channel, message);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, params } = error;
    // Only the first of a series is reported: a channel that is down for a night is one event.
    const errorId = channel.failures === 0 ? await reportFault(run, 'alert', error) : channel.lastErrorId;
    const retryAt = nextTry(channel.failures + 1, at);
    log.warn({ code, channel: channel.name, retryAt }, 'an alert could not be sent; it will be tried again');
    await recordAlertFailure(db, channel, { at, code, params, errorId, retryAt });
    return;
  }
  await inTransaction(db, async (tx) => {
    await saveTelling(tx, channel.id, telling);
    if (message) await recordAlertSent(tx, channel, at);
  });
}
