import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { findAuthProviderBySuffix } from '../records/auth-providers.ts';
import { findOpenEnd, findOutcome, findTransaction } from '../records/authorization-transactions.ts';
import type { Callback } from './connect.ts';
import { outcomeSecretOf } from './outcome-id.ts';

/**
 * The outcome of a callback that the same browser, or its user in another one, has loaded before: by going back, by
 * reloading a slow page, by a double click. The outcome may still be pending. `id` is null where it is no longer kept.
 * @param secret the cookie of the outcome that this browser saw last
 */
export async function findEarlierEnd(
  { db, now }: Services,
  { suffix, query, begun, viewerId }: Callback,
  secret: string | undefined,
): Promise<{ readonly id: string | null; readonly secret: string | undefined } | null> {
  const { state } = query;
  if (typeof state !== 'string' || state === '') return null;
  const transaction = await findTransaction(db, hashToken(state));
  if (!transaction || transaction.consumedAt === null) return null;
  if ((await findAuthProviderBySuffix(db, suffix))?.id !== transaction.providerId) return null;
  const own = begun.find((flow) => flow.state === state);
  // A cookie alone proves nothing, but only the browser that started the flow knows the verifier.
  const secrets = [own && outcomeSecretOf(own.verifier), secret];
  const proof = secrets.find((each) => each !== undefined && hashToken(each) === transaction.browserHash);
  // As for the first load.
  const isOwn =
    viewerId === undefined
      ? transaction.display === 'popup' && proof !== undefined
      : viewerId === transaction.accountId;
  if (!isOwn) return null;
  const { outcomeId } = transaction;
  const isKept = (await findOutcome(db, outcomeId, now())) ?? (await findOpenEnd(db, outcomeId, now()));
  return { id: isKept ? outcomeId : null, secret: proof };
}
