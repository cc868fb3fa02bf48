import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { listenForStop } from './platform/stop.ts';

const stop = listenForStop();
// Node opens its debugger at SIGUSR1 unless something listens, and through it anybody on this machine could read the
// vault's keys. The others would end the process in disorder: log rotation and `systemctl reload` send SIGHUP.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) process.on(signal, () => {});
// Whoever read the output may be gone, a log pipe that died, and a disk may be full: without a listener the first write ends the process.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
// Files that Argus writes (embedded database, demo key) are private to its user, whoever created the folder.
process.umask(0o077);
// The next start need not compile everything again. Without leave to write there, nothing is stored.
enableCompileCache(resolve(import.meta.dirname, '../../../node_modules/.cache/argus/compiled'));
// Everything else loads after that: it takes a second, in which a signal would be lost or end the process in disorder.
const { runArgus } = await import('./run-argus.ts');
await runArgus(stop);
