import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorDocs } from './error-docs.ts';
import { repositoryRoot } from './repository-root.ts';

const file = 'docs/errors.md';

/** What stands in the file now; empty where there is none. */
async function present(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** `pnpm docs:errors` writes docs/errors.md; `--check` only says whether it is out of date, with exit code 2 if so. */
export async function writeErrorDocs(args: string[], folder: string = repositoryRoot): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean' } } });
  const path = join(folder, file);
  const text = errorDocs();
  if ((await present(path)) === text) {
    if (!values.check) console.log(`${file} already says what the catalogue says.`);
    return 0;
  }
  if (values.check) {
    console.error(`${file} does not say what the catalogue says. Run: pnpm docs:errors`);
    return 2;
  }
  await writeFile(path, text);
  console.log(`Wrote ${file}.`);
  return 0;
}
