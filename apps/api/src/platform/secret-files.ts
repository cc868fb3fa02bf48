import { readFileSync } from 'node:fs';

/** The settings that are secret or hold a password. */
const secrets = ['DATABASE_URL', 'ARGUS_VAULT_KEYS', 'ARGUS_METRICS_TOKEN', 'ARGUS_OUTBOUND_PROXY'];

const fileSuffix = '_FILE';

/** Whether a variable names the file of a secret, as orchestrators mount them: ARGUS_VAULT_KEYS_FILE. */
export function isSecretFile(name: string): boolean {
  return name.endsWith(fileSuffix) && secrets.includes(name.slice(0, -fileSuffix.length));
}

/** The environment with every secret that a file holds, without the line end behind it. */
export function withSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  fault: (ja: string, en: string) => void,
): Readonly<Record<string, string | undefined>> {
  const read: Record<string, string> = {};
  for (const secret of secrets) {
    const variable = `${secret}${fileSuffix}`;
    const file = env[variable]?.trim();
    if (!file) continue;
    if (env[secret]?.trim()) {
      fault(`${secret} と ${variable} の両方が設定されています。`, `Both ${secret} and ${variable} are set.`);
      continue;
    }
    try {
      read[secret] = readFileSync(file, 'utf8')
        .replace(/^\ufeff/, '')
        .trim();
      if (read[secret] === '')
        fault(`${variable} のファイル ${file} は空です。`, `The file ${file} of ${variable} is empty.`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      fault(
        `${variable} のファイル ${file} を読み取れません (${code})。`,
        `The file ${file} of ${variable} cannot be read (${code}).`,
      );
    }
  }
  return { ...env, ...read };
}
