import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from './app.ts';
import { startServices } from './compose.ts';
import { readConfig } from './platform/config.ts';
import { idleParametersWarning } from './platform/database/postgres-url.ts';
import { loadEnvironmentFile } from './platform/environment-file.ts';
import { explainStart } from './platform/explain-start.ts';
import { logOptions } from './platform/log-options.ts';
import { unusedProxyWarning } from './platform/outbound-proxy-config.ts';
import { version } from './platform/version.ts';

// Files that Argus writes (embedded database, demo key) are private to its user, whoever created the folder.
process.umask(0o077);
// Node opens its debugger at SIGUSR1 unless something listens, and through it anybody on this machine could read the
// vault's keys. The others would end the process in disorder: log rotation and `systemctl reload` send SIGHUP.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) process.on(signal, () => {});

/** A stop takes no longer than this, beside the drain. Milliseconds; container runtimes kill after ten seconds. */
const graceMs = 9_000;
const webRoot = resolve(import.meta.dirname, '../../web/dist');

/** Starts Argus; resolves with the function that stops it, whose reason is logged. */
async function start(): Promise<(reason: string) => Promise<void>> {
  loadEnvironmentFile();
  const config = readConfig();
  const { services, database, notice } = await startServices(config, {
    tell: (sentence) => process.stderr.write(`${sentence}\n`),
    isTerminal: process.stdout.isTTY === true,
  });
  let isDraining = false;
  const app = await buildApp(services, {
    readiness: async () => (isDraining ? 'stopping' : database.readiness()),
    jobs: database.jobs,
    webRoot,
    logger: logOptions(config),
  });
  try {
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
      await sleep(drainSeconds * 1000);
    }
    app.log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), graceMs).unref();
    await app.close();
    await services.egress.close();
    await database.close();
  };
}

try {
  const stop = await start();
  let stopping = false;
  const onSignal = (signal = 'disconnect') => {
    if (stopping) return;
    stopping = true;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explainStart(error)}\n`);
        process.exit(1);
      },
    );
  };
  // `on`, not `once`: without a listener a second signal would end the process before it has stored everything.
  // Supervisors signal all processes, and the launcher passes its own on.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, onSignal);
  // The launcher has gone, so nobody could stop this process any more.
  process.once('disconnect', () => onSignal());
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exit(1);
}
