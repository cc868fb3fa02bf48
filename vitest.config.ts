import { defineConfig } from 'vitest/config';

/** Test files that a project runs: those beside the sources and those in its test folder. */
const include = ['src/**/*.test.ts', 'test/**/*.test.ts'];
/** On PostgreSQL these would say nothing that they do not say on PGlite. */
const ofNoDatabase = [
  'data-folder',
  'catalogue-wire',
  'slow-clients',
  'csv-encodings',
  'csv-records',
  'csv-properties',
];
const exclude = process.env.TEST_DATABASE_URL ? ofNoDatabase.map((name) => `test/${name}.test.ts`) : [];

function project(name: string, root: string, testTimeout: number) {
  return { extends: true as const, root, test: { name, include, exclude, testTimeout, hookTimeout: 60_000 } };
}

export default defineConfig({
  test: {
    environment: 'node',
    // A process per file: the schema engine may be instantiated only once per process, and one test's faults stay its own.
    pool: 'forks',
    maxWorkers: 2,
    teardownTimeout: 10_000,
    projects: [
      project('contract', 'packages/contract', 5_000),
      project('egress', 'packages/egress', 15_000),
      project('microsoft', 'packages/microsoft', 15_000),
      project('fake-microsoft', 'packages/fake-microsoft', 15_000),
      project('api', 'apps/api', 20_000),
      project('web', 'apps/web', 10_000),
      project('commands', 'packages/commands', 120_000),
    ],
  },
});
