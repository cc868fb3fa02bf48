import {
  type AlertChannel,
  findAlertChannel,
  listAlertChannels,
  lockAlertChannel,
  recordAlertFailure,
  recordAlertPartlySent,
  recordAlertSent,
} from '../connection/records/alert-channels.ts';
import { standingErrorIds } from '../error-log/records/error-events.ts';
import { reportFault } from '../error-log/report-fault.ts';
import { inTransaction } from '../platform/database/db.ts';
import type { Job, JobRun } from '../platform/jobs/job.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { deliver } from './deliver.ts';
import { messageOf } from './message.ts';
import { readSituation, type Situation } from './read-alerts.ts';
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
    const situation = await readSituation(run.services);
    for (const { id, version } of channels) {
      if (run.signal.aborted) return;
      // A delivery may take long: the next destination may have been changed or deleted meanwhile.
      const channel = await findAlertChannel(db, id);
      if (channel?.version !== version) continue;
      await tellChannel(run, channel, situation).catch((error: unknown) =>
        // One destination must not keep the others from being told.
        run.log.error({ err: error, channel: channel.name }, 'a destination of alerts could not be told'),
      );
    }
  },
};

/**
 * What was told is stored only once the channel has accepted it: a crash in between repeats an alert rather than losing it.
 */
async function tellChannel(run: JobRun, channel: AlertChannel, situation: Situation): Promise<void> {
  const { services, log } = run;
  const { db, config } = services;
  const at = services.now();
  const { news, telling } = whatToTell(channel, situation, await listToldAlerts(db, channel.id), at);
  const to = { language: channel.language, publicUrl: config.http.publicUrl };
  const message = messageOf(news, to, at);
  let partly: AppError | null = null;
  try {
    if (message) partly = await deliver(services, channel, message);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const retryAt = nextTry(channel.failures + 1, at);
    log.warn(
      { code: error.code, channel: channel.name, retryAt },
      'an alert could not be sent; it will be tried again',
    );
    await recordAlertFailure(db, channel, { ...(await reportOnce(run, channel, error)), at, retryAt });
    return;
  }
  const failure = partly && { ...(await reportOnce(run, channel, partly)), at };
  if (failure) log.warn({ code: failure.code, channel: channel.name }, 'an alert did not reach all recipients');
  await inTransaction(db, async (tx) => {
    // Another place, named meanwhile, has not been told.
    if (!(await lockAlertChannel(tx, channel))) return;
    await saveTelling(tx, channel.id, telling);
    if (failure) await recordAlertPartlySent(tx, channel, failure);
    else if (message) await recordAlertSent(tx, channel, at);
  });
}

/** Only one of a series is reported, as long as that event is kept: a channel that is down for a night is one event. */
async function reportOnce(run: JobRun, { lastErrorId }: AlertChannel, error: AppError) {
  const { code, params } = error;
  const reported = (await standingErrorIds(run.services.db, [lastErrorId])).size > 0;
  return { code, params, errorId: reported ? lastErrorId : await reportFault(run, 'alert', error) };
}
