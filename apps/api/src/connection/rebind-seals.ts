import type { Database } from '../platform/database/db.ts';
import { UnsealError, type Vault } from '../platform/vault/seal.ts';
import { consumerSecretPlace, listUnboundSecrets, setBoundSecret } from './records/auth-providers.ts';
import { grantTokensPlace, listUnboundGrants, setBoundTokens, type UnboundGrant } from './records/grants.ts';
import { readSettings } from './records/settings.ts';
import { boundOrigins, originOf } from './usable-grant.ts';

const grantsAtOnce = 500;

/**
 * Reseals values from before seals were bound to owner, provider and origin. It binds them to the current origins, as
 * no others are known. A value that does not open stays unchanged, and is refused on use. Safe to repeat, and to run
 * in several instances.
 */
export async function rebindSeals(db: Database, vault: Vault): Promise<void> {
  for (const provider of await listUnboundSecrets(db)) {
    const { id, tokenEndpointUrl, sealedConsumerSecret } = provider;
    const secretOrigin = originOf(tokenEndpointUrl);
    const place = consumerSecretPlace(id, secretOrigin);
    const sealed = resealed(vault, sealedConsumerSecret, `AuthProvider/${id}/consumerSecret`, place);
    if (sealed !== null) await setBoundSecret(db, provider, { sealedConsumerSecret: sealed, secretOrigin });
  }
  const settings = await readSettings(db);
  for (let after: string | null = null; ; ) {
    const grants: readonly UnboundGrant[] = await listUnboundGrants(db, after, grantsAtOnce);
    for (const { provider, ...grant } of grants) {
      const origins = boundOrigins({ provider, settings });
      const place = grantTokensPlace({ ...grant, ...origins });
      const sealed = resealed(vault, grant.sealedTokens, `Grant/${grant.id}/tokens`, place);
      if (sealed !== null) await setBoundTokens(db, grant, { sealedTokens: sealed, ...origins });
    }
    const last = grants.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** The value resealed for another place; null where there is none, or it does not open. */
function resealed(vault: Vault, sealed: string | null, from: string, to: string): string | null {
  if (sealed === null) return null;
  try {
    return vault.seal(vault.open(sealed, from), to);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return null;
  }
}
