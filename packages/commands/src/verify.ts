import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateClient } from './generate-client.ts';
import longFiles from './long-files.json' with { type: 'json' };
import { newMigration } from './new-migration.ts';
import { repositoryRoot } from './repository-root.ts';
import { runProgram, runTool } from './run-tool.ts';

interface Step {
  name: string;
  /** Returns the problem, or null if there is none. */
  check: () => Promise<string | null>;
}

const maxLines = 400;

async function complaintOf(packageName: string, executable: string, args: string[]): Promise<string | null> {
  const { code, output } = await runTool(packageName, executable, args, { folder: repositoryRoot, output: 'keep' });
  return code === 0 ? null : output;
}

/** The source files of the working tree that git tracks or would add. */
async function sourceFiles(): Promise<string[]> {
  const { code, output } = await runProgram(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.ts', '*.tsx', '*.mjs', '*.css'],
    { folder: repositoryRoot, output: 'keep' },
  );
  if (code !== 0) throw new Error(`git ls-files failed:\n${output}`);
  return output.split('\n').filter((line) => line !== '');
}

async function readSource(file: string): Promise<string | null> {
  try {
    return await readFile(join(repositoryRoot, file), 'utf8');
  } catch (error) {
    // Deleted, but not committed yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function checkTypes(): Promise<string | null> {
  const complaints: string[] = [];
  for await (const config of glob('{apps/*,packages/*,e2e}/tsconfig*.json', { cwd: repositoryRoot })) {
    const complaint = await complaintOf('typescript', 'tsc', ['-p', config]);
    if (complaint !== null) complaints.push(`${config}:\n${complaint}`);
  }
  return complaints.length === 0 ? null : complaints.join('\n');
}

interface CruiseModule {
  source: string;
  dependencies: { resolved: string }[];
}

interface CruiseResult {
  modules: CruiseModule[];
  summary: { violations: { rule: { name: string }; from: string; to: string; comment?: string }[] };
}

/**
 * What the cruise itself missed. Without a TypeScript that it can use, dependency-cruiser sees almost nothing and
 * reports no problems.
 */
export function blindSpots(result: CruiseResult, sources: readonly string[]): string[] {
  const seen = new Map(result.modules.map((module) => [module.source, module]));
  const missed = sources.filter((file) => /\.tsx?$/.test(file) && !seen.has(file));
  const within = [...seen.values()].filter((module) => /\.tsx?$/.test(module.source));
  const linked = within.filter((module) => module.dependencies.length > 0);
  const complaints = missed.map((file) => `not seen: ${file}`);
  if (linked.length < within.length / 2) {
    complaints.push(`only ${linked.length} of ${within.length} files have an import: it cannot read TypeScript`);
  }
  return complaints;
}

async function checkWalls(): Promise<string | null> {
  const { output } = await runTool(
    'dependency-cruiser',
    'depcruise',
    ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'packages', 'e2e'],
    { folder: repositoryRoot, output: 'keep' },
  );
  let result: CruiseResult;
  try {
    result = JSON.parse(output) as CruiseResult;
  } catch {
    return output;
  }
  const violations = result.summary.violations.map(
    ({ rule, from, to, comment }) => `${rule.name}: ${from} → ${to}${comment ? `\n  ${comment}` : ''}`,
  );
  const sources: string[] = [];
  for (const file of await sourceFiles()) {
    if (/^(apps|packages|e2e)\//.test(file) && (await readSource(file)) !== null) sources.push(file);
  }
  const complaints = [...violations, ...blindSpots(result, sources)];
  return complaints.length === 0 ? null : complaints.join('\n');
}

async function checkLengths(): Promise<string | null> {
  const reasons: Record<string, string> = longFiles;
  const complaints: string[] = [];
  for (const file of await sourceFiles()) {
    const text = await readSource(file);
    if (text === null) continue;
    const lines = text.split('\n').length - 1;
    const excused = Object.hasOwn(reasons, file);
    if (lines > maxLines && !excused) complaints.push(`${file}: ${lines} lines, more than ${maxLines}`);
    if (lines <= maxLines && excused) complaints.push(`${file}: no longer needs its place in long-files.json`);
  }
  return complaints.length === 0 ? null : complaints.join('\n');
}

const steps: Step[] = [
  { name: 'types', check: checkTypes },
  {
    name: 'format and lint',
    check: () => complaintOf('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '--max-diagnostics=50']),
  },
  { name: 'walls', check: checkWalls },
  { name: 'dead code', check: () => complaintOf('knip', 'knip', ['--no-progress']) },
  { name: 'file lengths', check: checkLengths },
  {
    name: 'migrations',
    check: async () => ((await newMigration(['--check'])) === 0 ? null : 'schema and migrations differ'),
  },
];

/** `pnpm verify`: every check that does not run the code. Runs all steps before it reports. */
export async function verify(): Promise<number> {
  await generateClient();
  const failed: string[] = [];
  for (const { name, check } of steps) {
    const complaint = await check();
    if (complaint === null) {
      console.log(`ok    ${name}`);
    } else {
      console.log(`FAIL  ${name}\n${complaint.trimEnd()}\n`);
      failed.push(name);
    }
  }
  console.log(failed.length === 0 ? 'verify: all ok' : `verify: ${failed.join(', ')} failed`);
  return failed.length === 0 ? 0 : 1;
}
