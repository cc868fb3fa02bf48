import { accountKey } from '@argus/contract/account-key';
import type { Arrival, NewArrivals } from '@argus/contract/endpoints/mail';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { type Deadline, startDeadline } from '@argus/egress/deadline';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import { graphRootOf, readMe } from '@argus/microsoft/identity';
import { listMessages, type Message, readUnreadCount } from '@argus/microsoft/mail';
import { folderUrlOf } from '@argus/microsoft/messages-url';
import { fitOf } from '../connection/connection-state.ts';
import { calledAt, fromMicrosoft } from '../connection/from-microsoft.ts';
import type { TokenVault } from '../connection/grant-tokens.ts';
import { type AccountLink, findLinkOf, pinIdentity } from '../connection/records/account-links.ts';
import { type AuthProvider, findAuthProviderBySuffix } from '../connection/records/auth-providers.ts';
import { type Entitlement, writeWhileEntitled } from '../connection/records/entitlement.ts';
import { findGrant, type Grant, recordEvidence, recordFailure, recordSuccess } from '../connection/records/grants.ts';
import {
  deleteKeptMail,
  type KeptMail,
  keepMail,
  keptMailPlace,
  readKeptMail,
} from '../connection/records/mail-cache.ts';
import { readSettings, type Settings } from '../connection/records/settings.ts';
import { auditRefusedSeal } from '../connection/refused-seal.ts';
import { isUsable, whyUnusable } from '../connection/usable-grant.ts';
import { portletOutcome } from '../platform/metrics.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';

export type ArrivalServices = Services & { readonly tokens: TokenVault };

/** All that a fetch needs, as it was when the fetch began. */
interface Ready {
  readonly settings: Settings;
  readonly provider: AuthProvider;
  readonly link: AccountLink;
  readonly grant: Grant;
  readonly entitlement: Entitlement;
  readonly deadline: Deadline;
}

/** The mail of a user as it is stored, sealed. */
interface KeptList {
  readonly items: readonly Arrival[];
  readonly unreadCount: number | null;
  readonly fetchedAt: string;
}

const keepForMs = 15 * 60_000;
/** Loads within this time of each other share one fetch; an automatic refresh always comes later. */
const freshForMs = 15_000;
/** 再読み込み goes to Microsoft at most this often. */
const refreshAtMostEveryMs = 5_000;

/** A list, and why it could not be renewed. */
export interface Listed {
  readonly list: NewArrivals;
  readonly error: AppError | null;
}

/**
 * Makes the function that lists a user's new mail. Concurrent calls of one user are one call to Microsoft, as long as the
 * account, grant, link and settings are the same: a fetch that began before a change is not joined, stored or shown.
 * @returns the list; with an error, the last good list. @throws AppError of the mail area where there is none.
 */
export function createArrivals(services: ArrivalServices) {
  const { db, metrics, now, vault } = services;
  const running = new Map<string, Promise<KeptList | null>>();

  return async function listNewArrivals(accountId: string, refresh: boolean): Promise<Listed> {
    try {
      const listed = await list(accountId, refresh);
      metrics.portletRequest(listed.error === null ? 'ok' : 'kept');
      return listed;
    } catch (error) {
      metrics.portletRequest(portletOutcome(error));
      throw error;
    }
  };

  async function list(accountId: string, refresh: boolean): Promise<Listed> {
    let settings = await readSettings(db);
    const deadline = startDeadline(settings.totalTimeoutSeconds * 1000);
    try {
      for (;;) {
        const ready = await requireGrant(accountId, settings, deadline);
        const kept = await readKept(accountId, settings);
        const age = kept ? now().getTime() - Date.parse(kept.list.fetchedAt) : Number.POSITIVE_INFINITY;
        if (kept && isOf(kept, ready) && age < (refresh ? refreshAtMostEveryMs : freshForMs)) {
          metrics.mailCache('hit');
          return { list: shape(kept.list, settings), error: null };
        }
        const fetched = await joinFetch(ready, refresh);
        if (fetched) return { list: shape(fetched, settings), error: null };
        // Account, grant or link changed meanwhile: what they are now decides what this user sees.
        if (deadline.expired) throw new AppError('mail_timeout', { suffix: ready.provider.urlSuffix });
        settings = await readSettings(db);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (catalogueEntry(error.code).hidesKeptData) {
        await deleteKeptMail(db, accountId);
        throw error;
      }
      const kept = await readKept(accountId, settings);
      if (!kept) throw error;
      return { list: shape(kept.list, settings), error };
    }
  }

  /** The same fetch that is under way in this process, or a new one. Null: it is not this user's mail any more. */
  function joinFetch(ready: Ready, refresh: boolean): Promise<KeptList | null> {
    const { accountId, grantId, linkKey } = ready.entitlement;
    const versions = [ready.settings.version, ready.provider.version];
    const key = JSON.stringify([accountId, grantId, linkKey, ...versions, refresh]);
    let current = running.get(key);
    if (current) {
      metrics.mailCache('shared');
    } else {
      metrics.mailCache('miss');
      current = fetchAndKeep(ready).finally(() => running.delete(key));
      running.set(key, current);
    }
    return current;
  }

  async function fetchAndKeep(ready: Ready): Promise<KeptList | null> {
    const { entitlement, settings } = ready;
    const fetched = await fetchNoting(ready);
    const isKept = await keepMail(db, {
      entitlement,
      fingerprint: fingerprintOf(settings),
      sealed: vault.seal(JSON.stringify(fetched), keptMailPlace(entitlement)),
      fetchedAt: new Date(fetched.fetchedAt),
      expiresAt: new Date(now().getTime() + keepForMs),
    });
    return isKept ? fetched : null;
  }

  /** The stored list, if it is this user's at this moment. One that cannot be opened counts as missing. */
  async function readKept(accountId: string, settings: Settings) {
    const row = await readKeptMail(db, accountId, now());
    if (!row) return null;
    try {
      const kept = JSON.parse(vault.open(row.sealed, keptMailPlace(row.entitlement))) as KeptList;
      const items = settings.previewEnabled ? kept.items : kept.items.map((item) => ({ ...item, preview: null }));
      return { row, list: { ...kept, items } };
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      await deleteKeptMail(db, accountId);
      await auditRefusedSeal(db, { kind: 'kept_mail', id: accountId });
      return null;
    }
  }

  /** The provider, the link and a grant that fits it. @throws AppError mail_provider_not_found (B3) … mismatch (B2) */
  async function requireGrant(accountId: string, settings: Settings, deadline: Deadline): Promise<Ready> {
    const suffix = settings.authProviderUrlSuffix;
    const link = await findLinkOf(db, accountId);
    if (!link) throw new AppError('mail_not_linked');
    const provider = await findAuthProviderBySuffix(db, suffix);
    if (!provider) throw new AppError('mail_provider_not_found', { suffix });
    const grant = await findGrant(db, accountId, provider.id);
    if (!grant) throw new AppError('mail_not_authorized', { suffix });
    const fit = fitOf(link, grant);
    if (grant.status === 'mismatch' && grant.refutedLinkKey !== link.microsoftAccountKey) {
      throw new AppError('mail_not_authorized', { suffix });
    }
    if (fit === 'differs') throw mismatch(link, grant, suffix);
    if (!isUsable(grant, provider, settings)) {
      throw await whyUnusable(services, { grant, provider, settings, deadline });
    }
    const entitlement = { accountId, grantId: grant.id, linkKey: link.microsoftAccountKey };
    return { settings, provider, link, grant, entitlement, deadline };
  }

  /** Fetches, and stores the outcome on the grant. */
  async function fetchNoting(ready: Ready): Promise<KeptList> {
    const { grant, provider, settings } = ready;
    if (grant.throttledUntil && grant.throttledUntil > now()) {
      const retryAfterSeconds = Math.ceil((grant.throttledUntil.getTime() - now().getTime()) / 1000);
      const params = { suffix: provider.urlSuffix, ...calledAt(settings.mailUrl), status: 429, retryAfterSeconds };
      throw new AppError('mail_throttled', params);
    }
    try {
      const fetched = await fetchMail(ready);
      await recordSuccess(db, grant.id, now());
      return fetched;
    } catch (error) {
      const failure =
        error instanceof MicrosoftFailure
          ? fromMicrosoft(error, 'mail', { called: settings.mailUrl, suffix: provider.urlSuffix })
          : error;
      if (!(failure instanceof AppError)) throw failure;
      const { retryAfterSeconds } = failure.params;
      const throttled = catalogueEntry(failure.code).pausesCalls && retryAfterSeconds !== undefined;
      await recordFailure(db, grant.id, {
        code: failure.code,
        at: now(),
        throttledUntil: throttled ? new Date(now().getTime() + retryAfterSeconds * 1000) : undefined,
      });
      throw failure;
    }
  }

  async function fetchMail(ready: Ready): Promise<KeptList> {
    const { settings, provider, link, grant, deadline } = ready;
    const call = (accessToken: string) => ({
      guardedFetch: services.egress,
      accessToken,
      deadline,
      connectTimeoutMs: settings.connectTimeoutSeconds * 1000,
      allowedOrigin: new URL(settings.mailUrl).origin,
    });
    const request = { grant, provider, settings, deadline };
    if (fitOf(link, grant) === 'unproven') {
      await services.tokens.withAccessToken(request, (token) => proveAccount(call(token), ready));
    }
    return services.tokens.withAccessToken(request, async (token) => {
      const [messages, unread] = await Promise.allSettled([
        listMessages({
          ...call(token),
          mailUrl: settings.mailUrl,
          top: settings.mailCount,
          unreadOnly: settings.unreadOnly,
          preview: settings.previewEnabled,
        }),
        unreadCount(call(token), settings),
      ]);
      if (messages.status === 'rejected') throw messages.reason;
      return {
        items: messages.value.map(toArrival),
        // The list is what the user came for: without its folder's count it still stands.
        unreadCount: unread.status === 'fulfilled' ? unread.value : null,
        fetchedAt: now().toISOString(),
      };
    });
  }

  /** The link changed since the grant was verified: fresh evidence from /me decides before B2 shows. */
  async function proveAccount(
    call: Parameters<typeof readUnreadCount>[0] extends infer C ? Omit<C, 'folderUrl'> : never,
    { settings, provider, link, grant, entitlement }: Ready,
  ): Promise<void> {
    const graphRoot = graphRootOf(settings.mailUrl);
    if (graphRoot === undefined) throw mismatch(link, grant, provider.urlSuffix);
    const me = await readMe({ ...call, graphRoot });
    if (accountKey(me.userPrincipalName) !== link.microsoftAccountKey) {
      await recordEvidence(db, grant, { refutedLinkKey: link.microsoftAccountKey });
      throw mismatch(link, grant, provider.urlSuffix);
    }
    await recordEvidence(db, grant, {
      microsoftAccount: me.userPrincipalName,
      verifiedLinkKey: link.microsoftAccountKey,
      refutedLinkKey: null,
    });
    // An administrator may have revoked the grant meanwhile, and with it what was pinned.
    await writeWhileEntitled(db, entitlement, (tx) =>
      pinIdentity(tx, link, { tenantId: grant.tenantId, objectId: me.objectId }),
    );
  }
}

function unreadCount(
  call: Omit<Parameters<typeof readUnreadCount>[0], 'folderUrl'>,
  settings: Settings,
): Promise<number | null> {
  const folderUrl = folderUrlOf(settings.mailUrl);
  return folderUrl === undefined ? Promise.resolve(null) : readUnreadCount({ ...call, folderUrl });
}

function mismatch(link: AccountLink, grant: Grant, suffix: string): AppError {
  return new AppError('mail_account_mismatch', {
    suffix,
    linkedAccount: link.microsoftAccount,
    authorizedAccount: grant.microsoftAccount,
  });
}

/** Changes with the settings that decide which messages are listed. */
function fingerprintOf(settings: Settings): string {
  return String(settings.version);
}

/** Whether the stored list answers the present settings. */
function isOf({ row }: { row: KeptMail }, { entitlement, settings }: Ready): boolean {
  const { grantId, linkKey } = row.entitlement;
  const isSame = grantId === entitlement.grantId && linkKey === entitlement.linkKey;
  return isSame && row.fingerprint === fingerprintOf(settings);
}

function shape(kept: KeptList, settings: Settings): NewArrivals {
  return { ...kept, items: [...kept.items], refreshIntervalSeconds: settings.refreshIntervalSeconds };
}

function toArrival(message: Message): Arrival {
  return {
    id: message.id,
    subject: message.subject,
    sender: message.from && { name: message.from.name, address: message.from.address },
    receivedAt: message.receivedAt,
    unread: !message.isRead,
    importance: message.importance,
    hasAttachments: message.hasAttachments,
    flag: message.flagged,
    preview: message.preview,
    webLink: message.webLink,
  };
}
