import { readFileSync } from 'node:fs';
import { shownValue } from './shown.ts';

/** The settings that are secret or hold a password. */
const secrets = ['DATABASE_URL', 'ARGUS_VAULT_KEYS', 'ARGUS_METRICS_TOKEN', 'ARGUS_OUTBOUND_PROXY', 'ARGUS_SMTP_URL'];

const fileSuffix = '_FILE';

/** The variables that name the file of a secret. */
export const secretFiles = secrets.map((name) => `${name}${fileSuffix}`);

/** Whether a setting is a secret, or holds one. */
export function isSecretSetting(name: string): boolean {
  return secrets.includes(name);
}

/** Whether a variable names the file of a secret, as orchestrators mount them: ARGUS_VAULT_KEYS_FILE. */
export function isSecretFile(name: string): boolean {
  return secretFiles.includes(name);
}

/**
 * The environment with every secret that a file holds, without the line end behind it.
 * @returns also the secrets whose file has none
 */
export function withSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  fault: (ja: string, en: string) => void,
): { readonly env: Readonly<Record<string, string | undefined>>; readonly unread: readonly string[] } {
  const read: Record<string, string> = {};
  const unread: string[] = [];
  for (const secret of secrets) {
    const variable = `${secret}${fileSuffix}`;
    const file = env[variable]?.trim();
    if (!file) continue;
    if (env[secret]?.trim()) {
      fault(`${secret} と ${variable} の両方が設定されています。`, `Both ${secret} and ${variable} are set.`);
      continue;
    }
    // Whoever names the secret itself in place of its file must not find it in a log.
    const { ja, en } = shownValue(file, 'file');
    try {
      read[secret] = readFileSync(file, 'utf8')
        .replace(/^\ufeff/, '')
        .trim();
      if (read[secret] !== '') continue;
      unread.push(secret);
      fault(`${variable} のファイル ${ja} は空です。`, `The file ${en} of ${variable} is empty.`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      unread.push(secret);
      fault(
        `${variable} のファイル ${ja} を読み取れません (${code})。`,
        `The file ${en} of ${variable} cannot be read (${code}).`,
      );
    }
  }
  return { env: { ...env, ...read }, unread };
}
