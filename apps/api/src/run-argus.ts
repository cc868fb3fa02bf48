import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from './app.ts';
import { startServices } from './compose.ts';
import { readConfig } from './platform/config.ts';
import { idleParametersWarning } from './platform/database/postgres-url.ts';
import { loadEnvironmentFile } from './platform/environment-file.ts';
import { explainStart } from './platform/explain-start.ts';
import { logOptions } from './platform/log-options.ts';
import { type LogStream, openLog } from './platform/log-stream.ts';
import { unusedProxyWarning } from './platform/outbound-proxy-config.ts';
import { type Stop, StopAsked, whenAborted } from './platform/stop.ts';
import { version } from './platform/version.ts';

/** A stop takes no longer than this, beside the drain. Milliseconds; container runtimes kill after ten seconds, also on a busy machine. */
const graceMs = 8_500;
const webRoot = resolve(import.meta.dirname, '../../web/dist');

/** Starts Argus; resolves with the function that stops it, whose reason is logged. */
async function start({ urged, ...stop }: Stop, log: LogStream): Promise<(reason: string) => Promise<void>> {
  loadEnvironmentFile();
  const config = readConfig();
  const { services, database, notice } = await startServices(config, {
    tell: (sentence) => process.stderr.write(`${sentence}\n`),
    isTerminal: process.stdout.isTTY === true,
    stop,
  });
  let isDraining = false;
  const app = await buildApp(services, {
    readiness: async () => (isDraining ? 'stopping' : database.readiness()),
    jobs: database.jobs,
    webRoot,
    logger: { ...logOptions(config), stream: log },
  });
  try {
    stop.asked.throwIfAborted();
    await app.listen({ host: config.http.host, port: config.http.port });
  } catch (error) {
    await app.close();
    await services.egress.close();
    await database.close();
    throw error;
  }
  const { server } = database;
  app.log.info({ version, node: process.versions.node, database: server?.version ?? database.kind }, 'started');
  if (services.surroundings.databaseIsPlain) {
    app.log.warn(
      'the connection to the database is not encrypted: the password and all data cross the network as they are',
    );
  }
  const idle = config.database.kind === 'postgres' ? idleParametersWarning(config.database.url) : undefined;
  if (idle) app.log.warn(idle.en);
  const { unusedVariable } = config.egress;
  if (unusedVariable !== undefined) app.log.warn(unusedProxyWarning(unusedVariable));
  process.stdout.write(`Argus: ${config.http.publicUrl}\nVersion: ${version}\n${notice}`);
  return async (reason) => {
    const { drainSeconds } = config.http;
    isDraining = true;
    if (drainSeconds > 0) {
      app.log.info({ reason, drainSeconds }, 'not ready any more; stopping after the drain');
      await sleep(drainSeconds * 1000, undefined, { signal: urged }).catch(() =>
        app.log.info('asked again to stop: the drain ends'),
      );
    }
    app.log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), graceMs).unref();
    await app.close();
    await services.egress.close();
    await database.close();
  };
}

/** Runs Argus until it is asked to stop; ends the process. */
export async function runArgus(stop: Stop): Promise<void> {
  const log = openLog(1);
  let hasStarted = false;
  /** For a start that hangs: on a database that has frozen, say. A migration has limits of its own. */
  const endStart = () => {
    if (hasStarted) return;
    if (stop.isHeld()) setTimeout(endStart, graceMs).unref();
    else process.exit(1);
  };
  whenAborted(stop.asked, () => setTimeout(endStart, graceMs).unref());
  try {
    const end = await start(stop, log);
    hasStarted = true;
    whenAborted(stop.asked, () => {
      end(stop.asked.reason.by).then(
        () => log.close().then(() => process.exit(0)),
        (error: unknown) => endWith(error, log),
      );
    });
  } catch (error) {
    if (!(error instanceof StopAsked)) return endWith(error, log);
    process.stderr.write(`${error.message}\n`);
    process.exit(0);
  }
}

async function endWith(error: unknown, log: LogStream): Promise<void> {
  process.stderr.write(`${explainStart(error)}\n`);
  await log.close();
  process.exit(1);
}
