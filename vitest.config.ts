import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that a project runs: those beside the sources and those in its test folder. */
const include = ['src/**/*.test.ts', 'test/**/*.test.ts'];

/**
 * Files of the API that say something of the database itself. With TEST_DATABASE_URL the API is tested on that PostgreSQL, as in
 * production, and these on PGlite as well; without it everything runs on PGlite.
 */
const ofPglite = [
  'accounts/unlock-admin',
  'connection/account-link-list',
  'imports/csv-import-apply',
  'imports/csv-import-undo',
  'imports/csv-users',
  'platform/database',
  'platform/jobs-beside-others',
  'triage/triage',
].map((name) => `test/${name}.test.ts`);

/** Files of the API that replace a package for all that a process runs. */
const ofOwnProcess = ['accounts/invitations', 'accounts/password-load'].map((name) => `test/${name}.test.ts`);

/** Files that wait for deadlines and processes for most of a minute: begun last, each of them would be waited for alone. */
const long = [
  'imports/csv-import-killed',
  'platform/data-folder',
  'start',
  'error-log/catalogue-wire',
  'platform/process',
  'security/security-refresh',
  'diagnosis/doctor-limits',
  'security/security-moved-meanwhile',
  'imports/csv-import-properties',
  'platform/jobs',
  'platform/frozen-holder',
  'security/security-changed-meanwhile',
].map((name) => `test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Packages of functions without state between files: a process runs many of them, which saves half of the time. Not egress, whose
 * certificates a process trusts once for all.
 */
const stateless = { isolate: false } as const;

interface More {
  readonly include?: string[];
  readonly exclude?: string[];
  readonly env?: object;
  readonly isolate?: false;
}

function project(name: string, root: string, testTimeout: number, more: More = {}) {
  return { extends: true as const, root, test: { name, include, testTimeout, hookTimeout: 60_000, ...more } };
}

// A process runs many files: each has its own Argus and database, and our own modules anew, but Fastify, Prisma and the like are read
// once. That saves a third of the time.
const api = project('api', 'apps/api', 40_000, { exclude: ofOwnProcess, isolate: false });
const alone = project('api-alone', 'apps/api', 40_000, { include: ofOwnProcess });
const onPglite = project('api-pglite', 'apps/api', 40_000, { include: ofPglite, env: { TEST_DATABASE_URL: '' } });

export default defineConfig({
  test: {
    environment: 'node',
    // A process per file but for the API: the schema engine may be instantiated only once per process.
    pool: 'forks',
    // One more than the cores of a small machine: tests of deadlines and of processes mostly wait.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    teardownTimeout: 10_000,
    // As in the browser: on a busy machine a test may miss its deadline. `pnpm test` names each that passed only on retry.
    retry: process.env.CI ? 1 : 0,
    projects: [
      project('contract', 'packages/contract', 5_000, stateless),
      project('egress', 'packages/egress', 15_000),
      project('microsoft', 'packages/microsoft', 15_000, stateless),
      project('fake-microsoft', 'packages/fake-microsoft', 15_000),
      api,
      alone,
      ...(process.env.TEST_DATABASE_URL ? [onPglite] : []),
      project('web', 'apps/web', 10_000, stateless),
      project('commands', 'packages/commands', 120_000),
      // Of what `pnpm build` has made, which `pnpm test` does first.
      project('bench', 'packages/bench', 60_000),
      ...(process.env.CHROMIUM_PATH ? ['apps/web/vitest.views.config.ts'] : []),
    ],
  },
});
