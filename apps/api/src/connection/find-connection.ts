import { accountKey } from '@argus/contract/account-key';
import type { Deadline } from '@argus/egress/deadline';
import { graphRootOf } from '@argus/microsoft/graph';
import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { fitOf } from './connection-state.ts';
import { codeFor, type Purpose } from './purpose.ts';
import { type AccountLink, findLinkOf } from './records/account-links.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import { type Connector, readConnector } from './records/connector.ts';
import type { Entitlement } from './records/entitlement.ts';
import { findGrant, type Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';
import { isUsable, mayTryAgain, whyUnusable } from './usable-grant.ts';

/** The stored parts of the connection between an account and Microsoft. */
export interface StoredConnection extends Connector {
  readonly link: AccountLink | null;
  readonly grant: Grant | null;
}

/** A complete connection between an account and Microsoft: Microsoft may be called for it. */
export interface Connection extends StoredConnection {
  readonly provider: AuthProvider;
  readonly link: AccountLink;
  readonly grant: Grant;
  /** `https://graph.microsoft.com/v1.0` or another root of Graph; undefined if 「URL」 is not below one. */
  readonly graphRoot: string | undefined;
  /** Everything received from Microsoft is stored and shown under this entitlement. */
  readonly entitlement: Entitlement;
}

/**
 * Why Microsoft may not be called for an account: it has no link, the suffix matches no provider, nobody has
 * authorized, a different account authorized, or the grant has ended or is suspended.
 */
export type Lack = 'not_linked' | 'provider_missing' | 'not_authorized' | 'other_account' | 'grant_unusable';

/** @param settings pass them if already read, to work on one version of them */
export async function findStoredConnection(db: Db, accountId: string, settings?: Settings): Promise<StoredConnection> {
  const connector = await readConnector(db, settings);
  const link = await findLinkOf(db, accountId);
  const grant = connector.provider ? await findGrant(db, accountId, connector.provider.id) : null;
  return { ...connector, link, grant };
}

/** What is missing; null where the connection is complete. */
export function lackOf({ settings, provider, link, grant }: StoredConnection, now: Date): Lack | null {
  if (!link) return 'not_linked';
  if (!provider) return 'provider_missing';
  if (!grant) return 'not_authorized';
  // A mismatch against an earlier link says nothing about the account that the link names now.
  if (grant.status === 'mismatch' && grant.refutedLinkKey !== link.microsoftAccountKey) return 'not_authorized';
  if (fitOf(link, grant) === 'differs') return 'other_account';
  const mayUse = isUsable(grant, provider, settings) || mayTryAgain(grant, provider, settings, now);
  return mayUse ? null : 'grant_unusable';
}

/**
 * The connection of an account, for calling Microsoft.
 * @throws AppError of the purpose: not linked, provider not found (B3), not authorized, another account (B2), why the
 * grant is unusable
 */
export async function findConnection(
  services: Services,
  accountId: string,
  {
    purpose,
    settings,
    deadline,
  }: { readonly purpose: Purpose; readonly settings: Settings; readonly deadline: Deadline },
): Promise<Connection> {
  const stored = await findStoredConnection(services.db, accountId, settings);
  const { provider, link, grant, suffix } = stored;
  const lack = lackOf(stored, services.now());
  if (lack === null && provider && link && grant) {
    const entitlement = { accountId, grantId: grant.id, linkKey: link.microsoftAccountKey };
    return { ...stored, provider, link, grant, graphRoot: graphRootOf(settings.mailUrl), entitlement };
  }
  if (lack === 'not_linked') throw new AppError(codeFor(purpose, 'not_linked'));
  if (lack === 'provider_missing') throw new AppError(codeFor(purpose, 'provider_not_found'), { suffix });
  if (lack === 'other_account' && link && grant) throw otherAccount(purpose, { suffix, link, grant });
  if (lack === 'grant_unusable' && grant && provider) {
    throw await whyUnusable(services, { purpose, grant, provider, settings, deadline });
  }
  throw new AppError(codeFor(purpose, 'not_authorized'), { suffix });
}

/** An account other than the linked one authorized (B2). */
export function otherAccount(
  purpose: Purpose,
  { suffix, link, grant }: Pick<Connection, 'suffix' | 'link' | 'grant'>,
): AppError {
  const { microsoftAccount: linkedAccount } = link;
  const { microsoftAccount: authorizedAccount } = grant;
  const known = [
    accountKey(authorizedAccount) === link.microsoftAccountKey ? 'name_unchanged' : 'name_differs',
  ] as const;
  return new AppError(codeFor(purpose, 'account_mismatch'), { suffix, linkedAccount, authorizedAccount, known });
}
