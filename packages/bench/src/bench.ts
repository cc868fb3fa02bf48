import { parseArgs } from 'node:util';
import { benchAccounts } from './bench-accounts.ts';
import { benchAll, measurementNames } from './bench-all.ts';
import { benchCsv } from './bench-csv.ts';
import { benchErrors } from './bench-errors.ts';

const usage = `Usage: pnpm bench [${measurementNames.join('|')} …]   all measurements against their references, or these
       pnpm bench csv [ROWS …] [--pglite]
       pnpm bench table [ROWS]
       pnpm bench errors [EVENTS]
BENCH_DATABASE_URL names a PostgreSQL server on which databases may be created
(without it: postgres://postgres@127.0.0.1:5432/postgres).`;

const { positionals, values } = parseArgs({ options: { pglite: { type: 'boolean' } }, allowPositionals: true });
const [what, ...rest] = positionals;
// biome-ignore lint/style/noProcessEnv: the bench is no part of Argus and has no configuration of its own
const serverUrl = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const counts = rest.map(Number);
if (positionals.every((name) => measurementNames.includes(name))) {
  await benchAll(serverUrl, positionals.length > 0 ? positionals : undefined);
} else if (what === 'csv' && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchCsv(
    serverUrl,
    counts.length > 0 ? counts : values.pglite ? [100_000] : [100_000, 1_000_000],
    values.pglite === true,
  );
} else if (what === 'table' && counts.length <= 1 && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchAccounts(serverUrl, counts[0] ?? 1_000_000, 3);
} else if (what === 'errors' && counts.length <= 1 && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchErrors(serverUrl, counts[0] ?? 1_000_000, 5);
} else {
  console.error(usage);
  process.exitCode = 1;
}
