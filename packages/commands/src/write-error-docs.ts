import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorDocs } from './error-docs.ts';
import { repositoryRoot } from './repository-root.ts';

/** Git ignores it: the catalogue is the only source. */
const file = 'docs/errors.md';

/** `pnpm docs:errors` writes エラー辞典 to a file, for people without access to an Argus. */
export async function writeErrorDocs(_: string[], folder: string = repositoryRoot): Promise<number> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, errorDocs());
  console.log(`Wrote ${file}.`);
  return 0;
}
