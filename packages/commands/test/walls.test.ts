import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../src/repository-root.ts';
import { runProgram } from '../src/run-tool.ts';
import { blindSpots } from '../src/verify.ts';

/** A tree for the files that are linted one by one. */
let lintTree: string;
beforeAll(async () => {
  lintTree = await plantTree();
});
afterAll(() => rm(lintTree, { recursive: true, force: true }));

/** A tree laid out like the repository, with its configuration. */
async function plantTree(): Promise<string> {
  const planted = await mkdtemp(join(tmpdir(), 'argus-walls-'));
  for (const file of ['biome.json', '.gitignore', '.dependency-cruiser.mjs', 'tsconfig.base.json']) {
    await cp(join(repositoryRoot, file), join(planted, file));
  }
  await mkdir(join(planted, 'apps'));
  await mkdir(join(planted, 'packages'));
  return planted;
}

async function put(tree: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), text);
}

/** The lint rules that the file breaks, each once. */
async function lintOf(file: string, text: string): Promise<string[]> {
  await put(lintTree, file, text);
  const biome = join(repositoryRoot, 'node_modules/@biomejs/biome/bin/biome');
  const { output } = await runProgram(process.execPath, [biome, 'lint', '--reporter=json', file], {
    folder: lintTree,
    output: 'keep',
  });
  const report = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    diagnostics: { category: string }[];
  };
  return [...new Set(report.diagnostics.map(({ category }) => category))];
}

/** The walls that these files break, each as `rule: file`. */
async function brokenWalls(files: Record<string, string>): Promise<string[]> {
  const tree = await plantTree();
  try {
    for (const [file, text] of Object.entries(files)) await put(tree, file, text);
    const cruiser = join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const { output } = await runProgram(
      process.execPath,
      [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'packages'],
      { folder: tree, output: 'keep' },
    );
    const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

describe('E14: a call past the egress fails the lint', () => {
  test.each([
    ['fetch', "export const reply = await fetch('https://a.example');"],
    ['fetch of globalThis', "export const reply = await globalThis.fetch('https://a.example');"],
    ['a renamed fetch', 'const get = fetch;\nexport const reply = get;'],
    ['node:http', "import http from 'node:http';\nexport const agent = http.globalAgent;"],
    ['node:https, imported later', "export const https = await import('node:https');"],
    ['undici', "import { request } from 'undici';\nexport const call = request;"],
    ['node:net', "import { connect } from 'node:net';\nexport const call = connect;"],
  ])('%s', async (_name, text) => {
    const rules = await lintOf('apps/api/src/mail/routes.ts', text);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatch(/^lint\/(style|nursery)\/no(JsR|R)estricted(Globals|Imports|Properties)$/);
    expect(await lintOf('packages/egress/src/probe.ts', text)).toEqual([]);
  });
});

test('the environment is read in config.ts only', async () => {
  const text = 'export const mode = process.env.ARGUS_MODE;';
  expect(await lintOf('apps/api/src/mail/routes.ts', text)).toEqual(['lint/style/noProcessEnv']);
  expect(await lintOf('apps/api/src/platform/config.ts', text)).toEqual([]);
});

test('a tree within the walls breaks none', async () => {
  const files = {
    'packages/contract/src/endpoint.ts': 'export const path = "/";',
    'packages/egress/src/guarded-fetch.ts': 'export const guardedFetch = 1;',
    'packages/microsoft/src/mail.ts': "import '../../egress/src/guarded-fetch.ts';",
    'apps/api/src/accounts/records/accounts.ts': "import '../../generated/client.ts';",
    'apps/api/src/generated/client.ts': 'export const client = 1;',
    'apps/api/src/users/routes.ts':
      "import '../accounts/records/accounts.ts';\nimport '../../../../packages/contract/src/endpoint.ts';\nimport '../../../../packages/microsoft/src/mail.ts';",
    'apps/web/src/main.tsx': "import '../../../packages/contract/src/endpoint.ts';",
  };
  expect(await brokenWalls(files)).toEqual([]);
});

/** By rule, files that break it. Their names differ, so that one tree can break them all. */
const breaches: [string, Record<string, string>][] = [
  // Up, sideways, and to what composes.
  ['api-platform-imports', { 'apps/api/src/platform/a.ts': "import '../audit/b.ts';", 'apps/api/src/audit/b.ts': '' }],
  [
    'api-audit-imports',
    { 'apps/api/src/audit/a.ts': "import '../error-log/b.ts';", 'apps/api/src/error-log/b.ts': '' },
  ],
  [
    'api-error-log-imports',
    { 'apps/api/src/error-log/a.ts': "import '../accounts/b.ts';", 'apps/api/src/accounts/b.ts': '' },
  ],
  [
    'api-accounts-imports',
    { 'apps/api/src/accounts/a.ts': "import type {} from '../connection/b.ts';", 'apps/api/src/connection/b.ts': '' },
  ],
  [
    'api-connection-imports',
    { 'apps/api/src/connection/a.ts': "import '../mail/b.ts';", 'apps/api/src/mail/b.ts': '' },
  ],
  ['api-mail-imports', { 'apps/api/src/mail/a.ts': "import '../diagnosis/b.ts';", 'apps/api/src/diagnosis/b.ts': '' }],
  ['api-users-imports', { 'apps/api/src/users/a.ts': "import '../imports/b.ts';", 'apps/api/src/imports/b.ts': '' }],
  ['api-imports-imports', { 'apps/api/src/imports/a.ts': "import '../users/b.ts';", 'apps/api/src/users/b.ts': '' }],
  ['api-diagnosis-imports', { 'apps/api/src/diagnosis/a.ts': "import '../app.ts';", 'apps/api/src/app.ts': '' }],
  ['api-triage-imports', { 'apps/api/src/triage/a.ts': "import '../mail/b.ts';", 'apps/api/src/mail/b.ts': '' }],
  ['api-demo-imports', { 'apps/api/src/demo/a.ts': "import '../compose.ts';", 'apps/api/src/compose.ts': '' }],
  [
    'web-features-are-separate',
    { 'apps/web/src/features/a/a.tsx': "import '../b/b.tsx';", 'apps/web/src/features/b/b.tsx': '' },
  ],
  [
    'prisma-only-in-records',
    { 'apps/api/src/mail/a.ts': "import '../generated/client.ts';", 'apps/api/src/generated/client.ts': '' },
  ],
  [
    'contract-imports-nothing',
    { 'packages/contract/src/a.ts': "import '../../microsoft/src/b.ts';", 'packages/microsoft/src/b.ts': '' },
  ],
  [
    'egress-imports-nothing',
    { 'packages/egress/src/a.ts': "import '../../contract/src/b.ts';", 'packages/contract/src/b.ts': '' },
  ],
  [
    'microsoft-imports-egress-at-most',
    { 'packages/microsoft/src/a.ts': "import '../../contract/src/b.ts';", 'packages/contract/src/b.ts': '' },
  ],
  [
    'fake-imports-contract-at-most',
    { 'packages/fake-microsoft/src/a.ts': "import '../../microsoft/src/b.ts';", 'packages/microsoft/src/b.ts': '' },
  ],
  [
    'fake-only-in-tests-and-launcher',
    {
      'apps/api/src/a.ts': "import type {} from '../../../packages/fake-microsoft/src/b.ts';",
      'packages/fake-microsoft/src/b.ts': '',
    },
  ],
  [
    'web-imports-contract-at-most',
    { 'apps/web/src/a.ts': "import '../../../packages/microsoft/src/b.ts';", 'packages/microsoft/src/b.ts': '' },
  ],
  [
    'shared-web-parts-know-no-feature',
    { 'apps/web/src/ui/a.tsx': "import '../features/b/b.tsx';", 'apps/web/src/features/b/b.tsx': '' },
  ],
  ['no-test-code-in-shipped-code', { 'apps/api/src/a.ts': "import '../test/b.ts';", 'apps/api/test/b.ts': '' }],
  ['no-cycles', { 'apps/api/src/a.ts': "import type {} from './b.ts';", 'apps/api/src/b.ts': "import './a.ts';" }],
  ['no-orphans', { 'apps/api/src/a.ts': 'export const a = 1;' }],
  ['no-unresolvable', { 'apps/api/src/a.ts': "import './nowhere.ts';" }],
];

describe('the walls', () => {
  const cases = breaches.map(([rule, files], i) => [rule, numbered(files, i)] as const);
  let broken: string[];
  beforeAll(async () => {
    broken = await brokenWalls(Object.assign({}, ...cases.map(([, files]) => files)));
  });

  test.each(cases)('the wall %s stands', (rule, files) => {
    expect(Object.keys(files).map((file) => `${rule}: ${file}`)).toSatisfy((expected: string[]) =>
      expected.some((breach) => broken.includes(breach)),
    );
  });
});

/** The files with a number in their names, also where they import each other. */
function numbered(files: Record<string, string>, number: number): Record<string, string> {
  const renamed = (path: string) => path.replace(/(\w+)(\.tsx?)$/, `$1${number}$2`);
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      renamed(path),
      text.replace(/'(\.[^']+)'/g, (_all, specifier: string) => `'${renamed(specifier)}'`),
    ]),
  );
}

test('a cruise that did not read TypeScript is noticed', () => {
  const importing = { source: 'apps/api/src/a.ts', dependencies: [{ resolved: 'apps/api/src/b.ts' }] };
  const alone = { source: 'apps/api/src/b.ts', dependencies: [] };
  const sources = ['apps/api/src/a.ts', 'apps/api/src/b.ts', 'apps/web/src/app.css'];
  expect(blindSpots({ modules: [importing, alone], summary: { violations: [] } }, sources)).toEqual([]);
  const unread = [{ ...importing, dependencies: [] }, alone];
  expect(blindSpots({ modules: unread, summary: { violations: [] } }, sources)).toHaveLength(1);
  expect(blindSpots({ modules: [importing], summary: { violations: [] } }, sources)).toEqual([
    'not seen: apps/api/src/b.ts',
  ]);
});
