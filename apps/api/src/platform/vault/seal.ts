import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { VaultKeyConfig } from '../config.ts';

/** The value cannot be opened: its key is unknown, or it was altered or moved to another row. */
export class UnsealError extends Error {
  readonly reason: 'key_unknown' | 'refused' | 'malformed';
  constructor(reason: UnsealError['reason'], options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'UnsealError';
    this.reason = reason;
  }
}

/** Seals texts at rest. */
export interface Vault {
  /**
   * Seals a text with AES-256-GCM. `place` ("Grant/{id}/tokens") is authenticated with it, so that a sealed value
   * opens in no other place. Envelope: `v1.{kid}.{iv}.{ciphertext}.{tag}`, base64url.
   */
  seal(text: string, place: string): string;
  /** @throws UnsealError */
  open(envelope: string, place: string): string;
  readonly activeKid: string;
  readonly kids: readonly string[];
  /**
   * Input key material for signing keys, one for each key and the first key's first, the same in every instance;
   * derived, never the sealing keys themselves.
   */
  readonly deriveFrom: readonly Buffer[];
}

/** A vault with these keys: the first one seals, all of them open. */
export function createVault(keys: readonly VaultKeyConfig[]): Vault {
  const active = keys[0];
  if (!active) throw new Error('the vault needs a key');
  // As key objects, so that the key is prepared once and not for each value.
  const byKid = new Map(keys.map((key) => [key.kid, createSecretKey(key.key)]));
  const activeKey = createSecretKey(active.key);
  return {
    activeKid: active.kid,
    kids: keys.map((key) => key.kid),
    deriveFrom: keys.map(({ key }) => createHmac('sha256', key).update('argus derived keys').digest()),
    seal(text, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', activeKey, iv);
      cipher.setAAD(Buffer.from(`v1.${active.kid}.${place}`));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [
        'v1',
        active.kid,
        ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')),
      ].join('.');
    },
    open(envelope, place) {
      const [version, kid = '', iv = '', ciphertext, tag = '', ...rest] = envelope.split('.');
      if (version !== 'v1' || ciphertext === undefined || rest.length > 0) throw new UnsealError('malformed');
      const key = byKid.get(kid);
      if (!key) throw new UnsealError('key_unknown');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(`v1.${kid}.${place}`));
        decipher.setAuthTag(Buffer.from(tag, 'base64url'));
        return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new UnsealError('refused', { cause });
      }
    },
  };
}
