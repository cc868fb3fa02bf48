import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export interface SigningKeys {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  /** Published at `/discovery/v2.0/keys`. */
  publicJwk: JWK;
  /** Stored in the state file, so that tokens stay valid across a restart. */
  privateJwk: JWK;
}

/** A new RS256 key pair, or the one of an earlier run. */
export async function openSigningKeys(stored: JWK | null): Promise<SigningKeys> {
  const privateJwk = stored ?? (await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey));
  const { kty, n, e } = privateJwk;
  if (kty !== 'RSA' || n === undefined || e === undefined)
    throw new TypeError('The stored signing key is not an RSA key.');
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const publicJwk: JWK = { kty, n, e, kid, use: 'sig', alg: 'RS256' };
  return {
    kid,
    privateKey: await importRsa(privateJwk),
    publicKey: await importRsa(publicJwk),
    publicJwk,
    privateJwk,
  };
}

async function importRsa(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'RS256');
  if (key instanceof Uint8Array) throw new TypeError('The stored signing key is not an RSA key.');
  return key;
}
