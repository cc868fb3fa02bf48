import { resolve } from 'node:path';
import { buildApp } from './app.ts';
import { startServices } from './compose.ts';
import { ConfigError, readConfig } from './platform/config.ts';
import { DatabaseStartFailure } from './platform/database/database-start-failure.ts';
import { logOptions } from './platform/log-options.ts';
import { unusedProxyWarning } from './platform/outbound-proxy-config.ts';
import { VaultKeyError } from './platform/vault/check-vault-keys.ts';

// Files that Argus writes (embedded database, demo key) are private to its user, whoever created the folder.
process.umask(0o077);

const graceMs = 9_000;
const webRoot = resolve(import.meta.dirname, '../../web/dist');

/** Starts Argus; resolves with the function that stops it, whose reason is logged. */
async function start(): Promise<(reason: string) => Promise<void>> {
  const config = readConfig();
  const { services, database, notice } = await startServices(config);
  const app = await buildApp(services, {
    ready: () => database.ready(),
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
  const { unusedVariable } = config.egress;
  if (unusedVariable !== undefined) app.log.warn(unusedProxyWarning(unusedVariable));
  process.stdout.write(`Argus: ${services.config.http.publicUrl}\n${notice}`);
  return async (reason) => {
    app.log.info({ reason }, 'stopping');
    await app.close();
    await services.egress.close();
    await database.close();
  };
}

/** One plain sentence for a fault that the operator can fix; any other error with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof VaultKeyError || error instanceof DatabaseStartFailure) {
    return error.message;
  }
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `ポート ${port} は既に使用されています。ARGUS_PORT で別のポートを指定してください。 / Port ${port} is in use.`;
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return `${address}:${port} では待ち受けできません (${code})。 / Cannot listen on ${address}:${port}.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const stop = await start();
  let stopping = false;
  const onSignal = (signal = 'disconnect') => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), graceMs).unref();
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(1);
      },
    );
  };
  // Not once: without a listener a second signal would end the process before what it stores. Supervisors signal all processes, and
  // the launcher passes its own on.
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // The launcher has gone, so nobody could stop this process any more.
  process.once('disconnect', () => onSignal());
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
