import { parseArgs } from 'node:util';
import { benchAccounts } from './bench-accounts.ts';
import { benchCsv } from './bench-csv.ts';
import { benchErrors } from './bench-errors.ts';
import { benchPortlet } from './bench-portlet.ts';
import { reportOf } from './rounds.ts';

const usage = `Usage: pnpm bench csv [ROWS …] [--pglite]
       pnpm bench table [ROWS]
       pnpm bench errors [EVENTS]
BENCH_DATABASE_URL names a PostgreSQL server on which databases may be created
(without it: postgres://postgres@127.0.0.1:5432/postgres).`;

const { positionals, values } = parseArgs({ options: { pglite: { type: 'boolean' } }, allowPositionals: true });
const [what, ...rest] = positionals;
// biome-ignore lint/style/noProcessEnv: the bench is no part of Argus and has no configuration of its own
const serverUrl = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const counts = rest.map(Number);
if (what === 'csv' && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchCsv(
    serverUrl,
    counts.length > 0 ? counts : values.pglite ? [100_000] : [100_000, 1_000_000],
    values.pglite === true,
  );
} else if (what === 'table' && counts.length <= 1 && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchAccounts(serverUrl, counts[0] ?? 1_000_000, 3);
} else if (what === 'errors' && counts.length <= 1 && counts.every((count) => Number.isInteger(count) && count > 0)) {
  await benchErrors(serverUrl, counts[0] ?? 1_000_000, 5);
} else if (what === 'warm' || what === 'cold') {
  console.log(reportOf(await benchPortlet(serverUrl, { rounds: counts[0] ?? 5, seconds: counts[1] ?? 4 }, what)));
} else {
  console.error(usage);
  process.exitCode = 1;
}
