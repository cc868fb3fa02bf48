import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from './config.ts';
import { judgeLines, type LineFault } from './judge-lines.ts';
import { isSecretSetting } from './secret-files.ts';
import { isSetting } from './setting-names.ts';

/** The file beside package.json. */
const environmentFile = resolve(import.meta.dirname, '../../../../.env');

/** More lines than these are only counted: a file of another kind has thousands. */
const namedLines = 5;

/**
 * Reads `.env`, if there is one. Variables already set in the environment win.
 * @param tell receives what an operator should know, one sentence in both languages
 * @throws ConfigError where it cannot be read, or has a line that is not understood
 */
export function loadEnvironmentFile(
  file = environmentFile,
  env: NodeJS.ProcessEnv = process.env,
  tell = (sentence: string): unknown => process.stderr.write(`${sentence}\n`),
): void {
  let given: string;
  try {
    given = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new ConfigError([`${file} を読み取れません (${code})。 / ${file} cannot be read (${code}).`]);
  }
  // PowerShell writes UTF-16, in which no line would be found, and the demo would start.
  if (given.includes('\0')) {
    throw new ConfigError([
      `${file} は UTF-8 ではありません。UTF-8 で保存し直してください。 / ${file} is not UTF-8. Save it as UTF-8.`,
    ]);
  }
  // Windows editors begin a file with a byte order mark, which would become part of the first name; some old ones end
  // lines with CR, and node would find one line only.
  const text = given.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const { faults, doubled } = judgeLines(text);
  if (faults.length > 0) throw new ConfigError(sentencesOf(file, faults));
  for (const name of doubled.filter(isSetting)) {
    tell(
      `${file} に ${name} が複数あります。最後の行だけが有効です。 / ${file} sets ${name} more than once. Only the last line counts.`,
    );
  }
  const settings = Object.entries(parseEnv(text));
  if (!settings.some(([name]) => isSetting(name) || name.startsWith('ARGUS_'))) {
    tell(`${file} に Argus の設定は1つもありません。 / ${file} contains no Argus settings.`);
  }
  const isSecret = settings.some(([name, value]) => isSecretSetting(name) && value !== '');
  if (isSecret && isReadByOthers(file)) {
    tell(
      `${file} には秘密の値がありますが、このマシンのほかのユーザも読み取れます。chmod 600 を実行してください。 / ${file} contains secrets, but other users of this machine can read it. Run chmod 600.`,
    );
  }
  for (const [name, value] of settings) env[name] ??= value;
}

/** Windows has no such mode. */
function isReadByOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0;
}

function sentencesOf(file: string, faults: readonly LineFault[]): string[] {
  const more = faults.length - namedLines;
  return [
    ...faults.slice(0, namedLines).map(({ line, hint }) => {
      const { ja, en } = hint ?? { ja: '', en: '' };
      return `${file} の ${line} 行目は「名前=値」ではありません${ja && `: ${ja}`}。 / Line ${line} of ${file} is not NAME=value${en && `: ${en}`}.`;
    }),
    ...(more > 0 ? [`${file} にはほかにも ${more} 行あります。 / ${file} has ${more} more such lines.`] : []),
  ];
}
