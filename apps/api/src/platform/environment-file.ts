import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from './config.ts';

/** The file beside package.json. */
const environmentFile = resolve(import.meta.dirname, '../../../../.env');

/**
 * Reads `.env`, if there is one. Variables already set in the environment win.
 * @throws ConfigError where it cannot be read
 */
export function loadEnvironmentFile(file = environmentFile, env: NodeJS.ProcessEnv = process.env): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new ConfigError([`${file} を読み取れません (${code})。 / ${file} cannot be read (${code}).`]);
  }
  // PowerShell writes UTF-16, in which no line would be found, and the demo would start.
  if (text.includes('\0')) {
    throw new ConfigError([
      `${file} は UTF-8 ではありません。UTF-8 で保存し直してください。 / ${file} is not UTF-8. Save it as UTF-8.`,
    ]);
  }
  // Windows editors begin a file with a byte order mark, which would become part of the first name.
  for (const [name, value] of Object.entries(parseEnv(text.replace(/^\ufeff/, '')))) env[name] ??= value;
}
