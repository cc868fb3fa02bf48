import { ConfigError } from './config.ts';
import { DatabaseStartFailure } from './database/database-start-failure.ts';
import { VaultKeyError } from './vault/check-vault-keys.ts';

/** One plain sentence for a fault that the operator can fix; any other error with its stack. */
export function explainStart(error: unknown): string {
  if (error instanceof ConfigError || error instanceof VaultKeyError || error instanceof DatabaseStartFailure) {
    return error.message;
  }
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `ポート ${port} は既に使用されています。ARGUS_PORT で別のポートを指定してください。 / Port ${port} is already in use. Set a different port with ARGUS_PORT.`;
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return `${address}:${port} では待ち受けできません (${code})。 / Cannot listen on ${address}:${port}.`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return 'ARGUS_HOST の名前を解決できません。IPアドレスを指定してください。 / ARGUS_HOST cannot be resolved. Use an IP address.';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
