import { accountKey } from '@argus/contract/account-key';
import type { Acting } from '../../accounts/acting.ts';
import { requireProof } from '../../accounts/reauthentication.ts';
import { requireStanding } from '../../accounts/standing-access.ts';
import { type Actor, audit } from '../../audit/audit.ts';
import { hasEver } from '../../audit/records/audit-events.ts';
import type { Db } from '../../platform/database/db.ts';
import {
  type AuthProvider,
  anySecretStored,
  listAuthProviders,
  listFinishedProviders,
} from '../records/auth-providers.ts';
import { endAllFlows } from '../records/authorization-transactions.ts';
import { readConnector } from '../records/connector.ts';
import { suspendMovedGrants } from '../records/moved-grants.ts';
import { lockSettings, type Settings } from '../records/settings.ts';
import { boundPlace, moveOf, originOf, placeInWords } from '../usable-grant.ts';

/**
 * After any of these, a change of the connection can permanently mislead users. The audit log is never deleted, so
 * nobody can disable the guard by revoking all authorizations, or by deleting the provider with its secret and
 * replacing it.
 */
const setUp = ['authorization_granted', 'reauthenticated', 'auth_provider_deleted'] as const;

/** Whether a change of the connection puts anything at risk: a stored secret, or users. */
export async function isGuarded(db: Db): Promise<boolean> {
  if (await anySecretStored(db)) return true;
  for (const action of setUp) if (await hasEver(db, action)) return true;
  return false;
}

/**
 * Runs a change of the set-up. If it changes the connection (where users are sent to sign in, which app they authorize,
 * where tokens are sent, which mail is read), it requires a password proof, ends the flows started before, and writes to
 * the audit log what every administrator is notified of. A hijacked session must not be able to lead users or their data
 * elsewhere. So the suffix in use is guarded as a whole, whether it switches a provider on or off.
 * @throws AppError reauthentication_needed, which rolls the change back
 */
export async function guardConnection<T>(tx: Db, by: Acting, change: () => Promise<T>): Promise<T> {
  // Two concurrent changes would each see the other's half unchanged.
  await lockSettings(tx);
  await requireStanding(tx, by.access);
  const guarded = await isGuarded(tx);
  const before = await readConnection(tx);
  const changed = await change();
  const after = await readConnection(tx);
  // Unfinished providers as well: what is completed keeps the secret that another administrator gave it.
  const moved = [...after.providers.values()].filter((provider) => {
    const former = before.providers.get(provider.id);
    return former !== undefined && pointsAt(former) !== pointsAt(provider);
  });
  const isSwitched = after.inUse?.id !== before.inUse?.id;
  // The outcome of such a flow would no longer match what its user agreed to.
  if (isSwitched || originOf(after.mailUrl) !== originOf(before.mailUrl)) await endAllFlows(tx);
  const elsewhere = moved.filter((provider) => leadsElsewhere(before.providers.get(provider.id), provider));
  for (const { id } of elsewhere) await endAllFlows(tx, id);
  if (!guarded) return changed;
  // Under the suffix in use, one that is unfinished waits for somebody to complete what it already says. Switching one off, also by giving
  // it another suffix, redirects nobody by itself; who may do it could then lay another one in its place.
  const isOtherNamed = after.named?.id !== before.named?.id;
  const isOtherSuffix = accountKey(after.suffix) !== accountKey(before.suffix);
  if (moved.length > 0 || isOtherNamed || isOtherSuffix || after.mailUrl !== before.mailUrl) requireProof(by.hasProved);
  // A first set-up redirects nobody.
  if (await hasEver(tx, 'authorization_granted')) await auditWhereUsersAreSent(tx, by, before, after);
  return changed;
}

/** Everything that decides where a provider sends users and tokens, and for what. */
function pointsAt({ authorizeEndpointUrl, tokenEndpointUrl, consumerKey, resource }: AuthProvider): string {
  return JSON.stringify([authorizeEndpointUrl, tokenEndpointUrl, consumerKey, resource]);
}

/** Whether it sends users and tokens to another place than before, or for another app. A corrected path ends no flow. */
function leadsElsewhere(before: AuthProvider | undefined, after: AuthProvider): boolean {
  if (before === undefined) return false;
  const isMoved =
    moveOf(before.authorizeEndpointUrl, after.authorizeEndpointUrl) ??
    moveOf(before.tokenEndpointUrl, after.tokenEndpointUrl);
  return isMoved !== null || before.consumerKey !== after.consumerKey;
}

interface Connection {
  readonly suffix: string;
  readonly mailUrl: string;
  readonly inUse: AuthProvider | undefined;
  /** The one with the suffix in use; it may be unfinished. */
  readonly named: AuthProvider | undefined;
  readonly providers: ReadonlyMap<string, AuthProvider>;
}

async function readConnection(tx: Db): Promise<Connection> {
  const providers = new Map((await listAuthProviders(tx)).map((provider) => [provider.id, provider]));
  const { settings, suffix, provider } = await readConnector(tx);
  const key = accountKey(suffix);
  const named = [...providers.values()].find(({ urlSuffix }) => accountKey(urlSuffix) === key);
  return { suffix, mailUrl: settings.mailUrl, inUse: providers.get(provider?.id ?? ''), named, providers };
}

/**
 * A provider in notices to administrators: its name, where its users sign in and tokens are sent, and for which app. Two with the same
 * words lead to the same place: names are anybody's to give.
 */
export function providerInWords(provider: AuthProvider | undefined): string | null {
  if (provider === undefined) return null;
  const { name, authorizeEndpointUrl, tokenEndpointUrl, consumerKey } = provider;
  const places = new Set([placeInWords(authorizeEndpointUrl), placeInWords(tokenEndpointUrl)]);
  return `${name} (${[...places, consumerKey].join(', ')})`;
}

/** Logs that users now sign in elsewhere: at another provider, or at another site or tenant of the same one. */
async function auditWhereUsersAreSent(tx: Db, actor: Actor, before: Connection, after: Connection): Promise<void> {
  const { inUse } = after;
  // Also where it is only switched off: otherwise no notice would name the provider in use before the next. Another app of the same
  // provider is another one to its users.
  if (inUse?.id !== before.inUse?.id || inUse?.consumerKey !== before.inUse?.consumerKey) {
    await audit(tx, actor, 'auth_provider_switched', {
      kind: 'settings',
      ...(inUse ? { name: inUse.name } : {}),
      changes: [{ field: 'authProvider', from: providerInWords(before.inUse), to: providerInWords(inUse) }],
    });
  }
  for (const provider of after.providers.values()) {
    const former = before.providers.get(provider.id);
    // Nobody was sent anywhere by one that was unfinished.
    const move = former?.unfinished === false && moveOf(former.authorizeEndpointUrl, provider.authorizeEndpointUrl);
    if (!move) continue;
    await audit(tx, actor, 'authorize_endpoint_moved', {
      kind: 'auth_provider',
      id: provider.id,
      name: provider.name,
      changes: [{ field: 'authorizeEndpointUrl', ...move }],
    });
  }
}

/**
 * Guards the deletion of a provider: of the one under the suffix in use as its switching off. Logs that it is about to be deleted, so that
 * the notice of its successor can name it.
 * @throws AppError reauthentication_needed
 */
export async function guardDeletion(tx: Db, by: Acting, provider: AuthProvider): Promise<void> {
  const { suffix } = await readConnector(tx);
  if (accountKey(suffix) !== accountKey(provider.urlSuffix)) return;
  if (await isGuarded(tx)) requireProof(by.hasProved);
  if (provider.unfinished || !(await hasEver(tx, 'authorization_granted'))) return;
  await audit(tx, by, 'auth_provider_switched', {
    kind: 'settings',
    changes: [{ field: 'authProvider', from: providerInWords(provider), to: null }],
  });
}

/** Suspends and restores the grants of every provider for the current endpoints. Returns how many were suspended. */
export async function suspendByEndpoints(tx: Db, now: Date, settings: Settings): Promise<number> {
  let suspended = 0;
  for (const provider of await listFinishedProviders(tx)) {
    const place = boundPlace({ provider, settings });
    suspended += await suspendMovedGrants(tx, now, { providerId: provider.id, ...place });
  }
  return suspended;
}
