import { present } from '@argus/fields/present';
import { judgeIssuer } from './entra-tenant.ts';
import { identifier, oneFormOfId, principalName, record, text, withGuidsInLowerCase } from './reply-fields.ts';

/** Who signed in, according to the id_token. */
export type SignedInAccount = {
  /** `tid` */
  readonly tenantId?: string;
  /** `oid`: the account's permanent id within the tenant. */
  readonly objectId?: string;
  /** `upn`; otherwise `preferred_username` or `unique_name` if it has the form of one. */
  readonly userPrincipalName?: string;
  readonly name?: string;
  /** `iss` */
  readonly issuer?: string;
};

export type IdTokenReading =
  | { readonly ok: true; readonly account: SignedInAccount }
  | { readonly ok: false; readonly reason: 'malformed' | 'audience' | 'expired' | 'nonce' | 'tenant' | 'issuer' };

const clockSkewMs = 5 * 60 * 1000;

function claimsOf(jwt: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, ...rest] = jwt.split('.');
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return Object.keys(record(claims)).length === 0 ? undefined : record(claims);
  } catch {
    return undefined;
  }
}

function nameInTenant(value: unknown): string | undefined {
  const name = principalName(value);
  // A personal account's unique_name is `live.com#name@domain`, which no tenant uses.
  return name === undefined || /^live\.com#/iu.test(name) ? undefined : name;
}

function isFor(audience: string, claims: Readonly<Record<string, unknown>>): boolean {
  const audiences: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const isOurs = (claim: unknown) =>
    typeof claim === 'string' && withGuidsInLowerCase(claim) === withGuidsInLowerCase(audience);
  return audiences.some(isOurs) && (claims.azp === undefined || isOurs(claims.azp));
}

function idOf(claim: unknown): string | undefined {
  const id = identifier(claim);
  return id === undefined ? undefined : oneFormOfId(id);
}

/**
 * Reads the claims of an id_token that came straight from the token endpoint, and judges `aud`, `exp`, `nonce`, and
 * `tid` and `iss` by the endpoint.
 *
 * **The signature is not checked.** The token came over TLS from the token endpoint itself, whose server certificate
 * vouches for it (OpenID Connect Core 1.0, section 3.1.3.7, point 6). Never pass a token that went through a browser.
 *
 * @param expected.audience the client id
 * @param expected.nonce as sent to the authorize endpoint; undefined where none was sent (a refresh)
 * @param expected.now milliseconds; five minutes of skew are tolerated
 * @param expected.tokenEndpointUrl where the token came from
 */
export function readIdToken(
  jwt: string,
  expected: {
    readonly audience: string;
    readonly nonce: string | undefined;
    readonly now: number;
    readonly tokenEndpointUrl: string;
  },
): IdTokenReading {
  const claims = claimsOf(jwt);
  if (claims === undefined) return { ok: false, reason: 'malformed' };
  if (!isFor(expected.audience, claims)) return { ok: false, reason: 'audience' };
  // v1 tokens have been seen with all numbers as strings.
  const expiry = Number(typeof claims.exp === 'string' || typeof claims.exp === 'number' ? claims.exp : Number.NaN);
  if (!(expiry * 1000 + clockSkewMs > expected.now)) return { ok: false, reason: 'expired' };
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) return { ok: false, reason: 'nonce' };
  const issued = judgeIssuer({ iss: text(claims.iss), tid: text(claims.tid) }, expected.tokenEndpointUrl);
  if (issued !== 'fits') return { ok: false, reason: issued };
  const account = present({
    tenantId: idOf(claims.tid),
    objectId: idOf(claims.oid),
    userPrincipalName:
      nameInTenant(claims.upn) ?? nameInTenant(claims.preferred_username) ?? nameInTenant(claims.unique_name),
    name: text(claims.name),
    issuer: text(claims.iss),
  });
  return { ok: true, account };
}
