// Plain JavaScript without imports at first: if the install before the script failed, the machine's own Node runs
// this, which may support neither TypeScript nor the packages.
const commands = {
  start: async () => (await import('./start.ts')).start,
  test: async () => (await import('./test.ts')).test,
  verify: async () => (await import('./verify.ts')).verify,
  'generate-client': async () => (await import('./generate-client.ts')).generateClient,
  'new-migration': async () => (await import('./new-migration.ts')).newMigration,
  'write-error-codes': async () => (await import('./write-error-codes.ts')).writeErrorCodes,
  'write-error-docs': async () => (await import('./write-error-docs.ts')).writeErrorDocs,
  build: async () => (await import('./build.ts')).build,
  'check-config': async () => (await import('./check-config.ts')).checkConfig,
  'first-admin': async () => (await import('./first-admin.ts')).firstAdmin,
  migrations: async () => (await import('./migrations.ts')).migrations,
  reseal: async () => (await import('./reseal.ts')).reseal,
  'unlock-admin': async () => (await import('./unlock-admin.ts')).unlockAdmin,
  'qa-report': async () => (await import('./qa-report.ts')).qaReport,
};

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Argus は Node.js 24 で動きますが、その導入に失敗し ${process.version} で起動されました。\`npx --yes pnpm install\` の結果を確認してください。 / ` +
      `Argus runs on Node.js 24, but that could not be installed and ${process.version} was used: see what \`npx --yes pnpm install\` says.`,
  );
  process.exit(1);
} else if (command === undefined) {
  console.error(`Usage: node packages/commands/src/run.mjs ${Object.keys(commands).join(' | ')}`);
  process.exit(1);
} else {
  const run = await command();
  try {
    process.exit(await run(args));
  } catch (error) {
    // A slip in the arguments is one sentence, and no stack.
    if (!String(error?.code).startsWith('ERR_PARSE_ARGS_')) throw error;
    console.error(`pnpm ${name}: ${error.message}`);
    process.exit(1);
  }
}
