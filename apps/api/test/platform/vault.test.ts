import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealedColumns } from '../../src/connection/records/sealed-columns.ts';
import { newErrorId } from '../../src/platform/problems/error-id.ts';
import { checkVaultKeys, VaultKeyError } from '../../src/platform/vault/check-vault-keys.ts';
import { createVault, UnsealError } from '../../src/platform/vault/seal.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';

const k1 = { kid: 'k1', key: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', key: Buffer.alloc(32, 2) };

function reasonOf(open: () => string): string {
  try {
    return open();
  } catch (error) {
    return error instanceof UnsealError ? error.reason : 'another error';
  }
}

describe('the vault', () => {
  it('opens what it sealed, in its place, and never seals the same way twice', () => {
    const vault = createVault([k1]);
    const sealed = vault.seal('秘密', 'Grant/1/tokens');
    expect(vault.open(sealed, 'Grant/1/tokens')).toBe('秘密');
    expect(vault.seal('秘密', 'Grant/1/tokens')).not.toBe(sealed);
    expect(sealed).not.toContain('秘密');
  });

  it('V02: opens nothing in another place, altered, or under another key', () => {
    const vault = createVault([k1]);
    const sealed = vault.seal('secret', 'Grant/1/tokens');
    expect(reasonOf(() => vault.open(sealed, 'Grant/2/tokens'))).toBe('refused');
    const [version, kid, iv, ciphertext = '', tag] = sealed.split('.');
    const flipped = (ciphertext.startsWith('A') ? 'B' : 'A') + ciphertext.slice(1);
    expect(reasonOf(() => vault.open([version, kid, iv, flipped, tag].join('.'), 'Grant/1/tokens'))).toBe('refused');
    expect(
      reasonOf(() => vault.open([version, kid, iv, ciphertext, tag?.slice(0, 8)].join('.'), 'Grant/1/tokens')),
    ).toBe('refused');
    expect(reasonOf(() => createVault([k2]).open(sealed, 'Grant/1/tokens'))).toBe('key_unknown');
    expect(reasonOf(() => vault.open('secret', 'Grant/1/tokens'))).toBe('malformed');
    const impostor = createVault([{ kid: 'k1', key: k2.key }]);
    expect(reasonOf(() => impostor.open(sealed, 'Grant/1/tokens'))).toBe('refused');
  });

  it('seals with the first key and opens with any', () => {
    const sealed = createVault([k1]).seal('secret', 'place');
    const rotated = createVault([k2, k1]);
    expect(rotated.open(sealed, 'place')).toBe('secret');
    expect(rotated.seal('secret', 'place').split('.')[1]).toBe('k2');
  });
});

describe('V05: the keys at start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await buildDatabase();
  });
  afterAll(() => database.close());

  const check = (...keys: (typeof k1)[]) =>
    checkVaultKeys(database.prisma, createVault(keys), keys, { columns: sealedColumns, now: new Date() });

  it('are accepted as long as they are the same, and a new one may be added', async () => {
    await check(k1);
    await check(k1);
    await check(k2, k1);
  });

  it('are refused if one has been replaced under the same name', async () => {
    await expect(check({ kid: 'k1', key: k2.key })).rejects.toThrow(VaultKeyError);
    await expect(check({ kid: 'k1', key: k2.key })).rejects.toThrow('暗号鍵 k1');
  });

  it('are refused if one is missing that stored values need, and accepted once none needs it', async () => {
    const { prisma } = database;
    await prisma.authProvider.create({
      data: {
        name: 'p',
        urlSuffix: 'p',
        urlSuffixKey: 'p',
        consumerKey: 'key',
        sealedConsumerSecret: createVault([k1]).seal('secret', 'place'),
        authorizeEndpointUrl: 'https://a.example',
        tokenEndpointUrl: 'https://a.example',
        defaultScopes: '',
      },
    });
    await expect(check(k2)).rejects.toThrow('1 件の値を保護した暗号鍵 k1');
    await prisma.authProvider.deleteMany();
    await check(k2);
  });
});

describe('error IDs', () => {
  it('are eight characters in two groups, without letters that resemble digits', () => {
    for (let i = 0; i < 200; i++) expect(newErrorId()).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });
});
