import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodes } from '@argus/contract/errors/codes';
import type { PurposeErrors } from '@argus/contract/errors/compose';
import { purposeErrors } from '@argus/contract/errors/error-catalogue';
import { codeOf } from '@argus/contract/errors/public-code';
import { repositoryRoot } from './repository-root.ts';

const file = 'packages/contract/src/errors/codes.ts';

/**
 * `pnpm codes:errors` adds the codes of a new cause or purpose to codes.ts. Listed codes keep their place. A code is
 * permanent: the command fails if no purpose makes a listed one any more.
 */
export async function writeErrorCodes(_: string[], folder: string = repositoryRoot): Promise<number> {
  const purposes: readonly PurposeErrors[] = Object.values(purposeErrors);
  const lost = lostCodes(errorCodes, purposes);
  if (lost.length > 0) {
    console.error(`Codes are permanent, and nothing makes these any more: ${lost.join(', ')}`);
    return 1;
  }
  const path = join(folder, file);
  await writeFile(path, withCodes(await readFile(path, 'utf8'), orderedCodes(errorCodes, purposes)));
  console.log(`Wrote ${file}.`);
  return 0;
}

function codesOf({ purpose, causes }: PurposeErrors): readonly string[] {
  return Object.keys(causes).map((cause) => codeOf(purpose, cause));
}

/** The listed codes that no purpose makes. */
export function lostCodes(listed: readonly string[], purposes: readonly PurposeErrors[]): readonly string[] {
  const made = new Set(purposes.flatMap(codesOf));
  return listed.filter((code) => !made.has(code));
}

/** The codes of all purposes, purpose by purpose: the listed ones in their order, then the new ones. */
export function orderedCodes(listed: readonly string[], purposes: readonly PurposeErrors[]): readonly string[] {
  return purposes.flatMap((errors) => {
    const made = codesOf(errors);
    return [...listed.filter((code) => made.includes(code)), ...made.filter((code) => !listed.includes(code))];
  });
}

/** Replaces the list in the source of codes.ts. */
export function withCodes(source: string, codes: readonly string[]): string {
  return source.replace(/(?<=errorCodes = \[\n)[^\]]*(?=\] as const)/, codes.map((code) => `  '${code}',\n`).join(''));
}
