/** Who may import whom. Each rule says why; docs/architecture.md shows the whole. */

const workspace = '^(apps|packages|e2e)/';
const tests = '(^|/)test/|\\.test\\.tsx?$';

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/**
 * The modules of the API from the ground up, each with the modules that it may import: the map of docs/architecture.md.
 * Nothing imports a module above or beside it, and nothing but a test or a command imports what starts and composes.
 */
const apiModules = {
  platform: [],
  audit: ['platform'],
  'error-log': ['platform'],
  accounts: ['platform', 'audit'],
  connection: ['platform', 'audit', 'error-log', 'accounts'],
  mail: ['platform', 'connection'],
  users: ['platform', 'audit', 'accounts', 'connection'],
  imports: ['platform', 'audit', 'error-log', 'accounts', 'connection'],
  diagnosis: ['platform', 'audit', 'error-log', 'accounts', 'connection'],
  triage: ['platform', 'audit', 'error-log', 'connection'],
  alerts: ['platform', 'audit', 'error-log', 'accounts', 'connection', 'triage'],
  demo: ['platform', 'accounts', 'connection'],
  upkeep: [
    'platform',
    'audit',
    'error-log',
    'accounts',
    'connection',
    'mail',
    'users',
    'imports',
    'diagnosis',
    'triage',
    'alerts',
  ],
};

const moduleRules = Object.entries(apiModules).map(([name, below]) =>
  forbid(
    `api-${name}-imports`,
    below.length === 0
      ? 'The platform knows no module.'
      : `The module ${name} stands on ${below.join(', ')} and on nothing else. What two modules need belongs to one below both.`,
    { path: `^apps/api/src/${name}/` },
    { path: '^apps/api/src/', pathNot: `^apps/api/src/(generated|${[name, ...below].join('|')})/` },
  ),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid(
      'no-cycles',
      'In a cycle no file can be understood, tested or moved alone, and the order of initialisation is left to chance.',
      {},
      { circular: true },
    ),
    forbid(
      'no-orphans',
      'A file that imports nothing and that nothing imports is dead, or has been forgotten where it was to be used.',
      { orphan: true, pathNot: [tests, '\\.d\\.ts$', '\\.config\\.ts$', '^apps/web/src/(main|portlet)\\.tsx$'] },
      {},
    ),
    forbid(
      'no-unresolvable',
      'What cannot be resolved here cannot be judged by the other rules either.',
      {},
      { couldNotResolve: true, pathNot: '^virtual:' },
    ),
    forbid(
      'no-undeclared-package',
      'A package that package.json does not name is there by chance and gone after the next update.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'no-dev-package-in-shipped-code',
      'Production installs leave devDependencies out. Types are erased and do not matter.',
      { path: '^(apps|packages)/[^/]+/src/', pathNot: tests },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-test-code-in-shipped-code',
      'Tests may reach into the sources, never the other way round.',
      { path: '^(apps|packages)/', pathNot: tests },
      { path: tests },
    ),
    forbid(
      'fields-imports-nothing',
      'One helper for objects with optional fields, below everything: nothing else belongs there.',
      { path: '^packages/fields/' },
      { path: workspace, pathNot: '^packages/fields/' },
    ),
    forbid(
      'contract-imports-nothing',
      'The contract is what both sides agree on; it would drag along whatever it imported, into the browser too.',
      { path: '^packages/contract/' },
      { path: workspace, pathNot: '^packages/(contract|fields)/' },
    ),
    forbid(
      'egress-imports-nothing',
      'The only door to the network must be reviewable alone.',
      { path: '^packages/egress/' },
      { path: workspace, pathNot: '^packages/(egress|fields)/' },
    ),
    forbid(
      'microsoft-imports-egress-at-most',
      'What Microsoft says is told as facts; it knows no database, no Fastify and no error catalogue. Its clouds are data of the contract.',
      { path: '^packages/microsoft/', pathNot: tests },
      { path: workspace, pathNot: '^packages/((microsoft|egress|fields)/|contract/src/clouds)' },
    ),
    forbid(
      'fake-imports-contract-at-most',
      'The fake is a party of its own: if it shared code with Argus, both would share the same mistakes.',
      { path: '^packages/fake-microsoft/' },
      { path: workspace, pathNot: '^packages/(fake-microsoft|contract|fields)/' },
    ),
    forbid(
      'fake-only-in-tests-and-launcher',
      'The fake must not be reachable in production.',
      { path: workspace, pathNot: [tests, '^(packages/(fake-microsoft|commands|bench)|e2e)/'] },
      { path: '^packages/fake-microsoft/' },
    ),
    forbid(
      'web-imports-contract-at-most',
      'The browser sees the server through the contract only.',
      { path: '^apps/web/' },
      { path: workspace, pathNot: '^(apps/web|packages/(contract|fields))/' },
    ),
    forbid(
      'web-lib-knows-no-query',
      'What the web asks the API stands on lib, not the other way round.',
      { path: '^apps/web/src/lib/' },
      { path: '^apps/web/src/(queries|features|app|ui)/' },
    ),
    forbid(
      'api-imports',
      'The api stands on contract, egress and microsoft. Others stand on the api.',
      { path: '^apps/api/', pathNot: tests },
      { path: workspace, pathNot: '^(apps/api|packages/(contract|egress|microsoft|fields))/' },
    ),
    ...moduleRules,
    forbid(
      'web-features-are-separate',
      'A feature can be changed or removed without reading the others. What two need moves down.',
      { path: '^apps/web/src/features/([^/]+)/' },
      { path: '^apps/web/src/features/', pathNot: '^apps/web/src/features/$1/' },
    ),
    forbid(
      'records-know-no-web-server',
      'Records, vault and database lie below the routes; jobs and commands use them without a request.',
      { path: '^apps/api/src/.*(records|vault|database)/', pathNot: tests },
      { path: '/node_modules/fastify/' },
    ),
    forbid(
      'shared-web-parts-know-no-feature',
      'ui, lib, queries, i18n and the table of the pages lie below the features.',
      { path: '^apps/web/src/((ui|lib|queries|i18n)/|pages\\.ts$)' },
      { path: '^apps/web/src/(features|app)/' },
    ),
    forbid(
      'prisma-only-in-records',
      'Records return plain objects, so that a change of the schema ends there.',
      {
        path: workspace,
        pathNot: '^apps/api/src/(generated|.*(records|database))/',
      },
      { path: '^apps/api/src/generated/' },
    ),
    forbid(
      'drivers-only-in-database',
      'A statement past Prisma would escape the limits and the translation of faults.',
      {
        path: '^apps/api/src/',
        pathNot: '^apps/api/src/(platform/database|generated)/',
      },
      {
        path: '/node_modules/(pg|@electric-sql/pglite|pglite-prisma-adapter|@prisma/[^/]+)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/generated/'] },
    exclude: { path: ['/dist/', '^qa-report/', '^data/'] },
    // A type-only import couples as any other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.d.ts'],
    },
  },
};
