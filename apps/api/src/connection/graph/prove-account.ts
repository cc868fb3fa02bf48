import { accountKey } from '@argus/contract/account-key';
import { present } from '@argus/fields/present';
import type { GraphCall } from '@argus/microsoft/graph';
import { readMe } from '@argus/microsoft/identity';
import { inTransaction } from '../../platform/database/db.ts';
import type { Services } from '../../platform/services.ts';
import { type Connection, otherAccount } from '../find-connection.ts';
import { judgeAccount } from '../judge-account.ts';
import type { Purpose } from '../purpose.ts';
import { lockLinkOf, pinIdentity } from '../records/account-links.ts';
import { writeWhileEntitled } from '../records/entitlement.ts';
import { recordEvidence } from '../records/grants.ts';

/**
 * Decides by fresh evidence whether a grant belongs to the linked account, after the link has changed since the grant
 * was verified: Graph's /me says who signed in.
 * @throws AppError account mismatch of the purpose (B2); MicrosoftFailure
 */
export async function proveAccount(
  { db }: Pick<Services, 'db'>,
  call: GraphCall,
  connection: Pick<Connection, 'graphRoot' | 'suffix' | 'link' | 'grant' | 'entitlement'>,
  purpose: Purpose,
): Promise<void> {
  const { graphRoot, link, grant, entitlement } = connection;
  if (graphRoot === undefined) throw otherAccount(purpose, connection);
  const me = await readMe({ ...call, graphRoot });
  const signedIn = { ...present({ tenantId: grant.tenantId ?? undefined }), ...me };
  // Both: the link's present name, and the id, if another authorization has pinned one since.
  const isLinked = accountKey(me.userPrincipalName) === link.microsoftAccountKey;
  if (!isLinked || judgeAccount(link, signedIn).verdict !== 'linked') {
    await recordEvidence(db, grant, { refutedLinkKey: link.microsoftAccountKey });
    throw otherAccount(purpose, connection);
  }
  await inTransaction(db, async (tx) => {
    // While Graph answered, another account of that name may have been pinned.
    const present = await lockLinkOf(tx, grant.accountId);
    const isAsBefore = present?.microsoftAccountKey === link.microsoftAccountKey;
    if (!isAsBefore || judgeAccount(present, signedIn).verdict !== 'linked') return;
    await recordEvidence(tx, grant, {
      microsoftAccount: me.userPrincipalName,
      verifiedLinkKey: link.microsoftAccountKey,
      refutedLinkKey: null,
    });
  });
  // An administrator may have revoked the grant meanwhile, and its pins with it.
  await writeWhileEntitled(db, entitlement, (tx) =>
    pinIdentity(tx, link, { tenantId: grant.tenantId, objectId: me.objectId }),
  );
}
