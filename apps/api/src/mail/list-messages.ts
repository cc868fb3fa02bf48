import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, NewArrivals } from '@argus/contract/endpoints/mail';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { GraphCall } from '@argus/microsoft/graph';
import { listMessages, type Message, readUnreadCount } from '@argus/microsoft/mail';
import { folderUrlOf } from '@argus/microsoft/messages-url';
import { fromMicrosoft } from '../connection/from-microsoft.ts';
import type { GraphServices } from '../connection/graph/call-graph.ts';
import {
  deleteKeptMail,
  type KeptMail,
  keepMail,
  keptMailPlace,
  readKeptMail,
} from '../connection/records/mail-cache.ts';
import { readSettings, type Settings } from '../connection/records/settings.ts';
import { auditRefusedSeal } from '../connection/refused-seal.ts';
import { whatIsKnown } from '../connection/what-is-known.ts';
import { type Ready, withConnection } from '../connection/with-connection.ts';
import { portletOutcome } from '../platform/metrics.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import { fingerprintOf, isFresh, isOfSameSource, type KeptList, openKeptList, shapeList } from './kept-list.ts';

/** What a fetch brought, and why it is not all. */
interface Fetched {
  readonly list: KeptList;
  readonly error: AppError | null;
}

const keepForMs = 15 * 60_000;
interface Fetch {
  readonly fetched: Promise<Fetched>;
  endedAt: number;
}

/** Long enough for whoever was looking for the stored list when a fetch ended. */
const joinableForMs = 2_000;
/** How long the folder's count may keep a list from being shown that is already there. */
const countPatienceMs = 1_000;
/** A list, and the error if it could not be renewed. */
export interface Listed {
  readonly list: NewArrivals;
  readonly error: AppError | null;
}

/**
 * Creates the function that lists a user's new mail. Concurrent calls of one user share one call to Microsoft, as
 * long as the account, grant, link and settings are the same: a fetch that started before a change is not joined,
 * stored or shown.
 * @returns the list; with an error, the last good list.
 * @throws AppError of the mail area where there is none.
 */
export function createArrivals(services: GraphServices) {
  const { db, metrics, now, vault } = services;
  const fetches = new Map<string, Fetch>();

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
    try {
      return await withConnection(services, accountId, 'mail', async (ready) => {
        const { settings } = ready.connection;
        const since = performance.now();
        const kept = await readKept(accountId, settings);
        const mayShow = kept && !kept.list.incomplete && isOf(kept, ready);
        if (mayShow && isFresh(new Date(kept.list.fetchedAt), now(), refresh)) {
          metrics.mailCache('hit');
          return { list: shapeList(kept.list, settings), error: null };
        }
        const { list, error } = await joinFetch(ready, refresh, since);
        return { list: shapeList(list, settings), error };
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (catalogueEntry(error.code).hidesKeptData) {
        await deleteKeptMail(db, accountId);
        throw error;
      }
      const settings = await readSettings(db);
      const kept = await readKept(accountId, settings);
      if (!kept) throw error;
      return { list: shapeList(kept.list, settings), error };
    }
  }

  /**
   * Joins the same fetch in this process, or starts one. One that has ended since the caller looked for the stored list is as good: the caller
   * just missed what it stored.
   */
  function joinFetch(ready: Ready, refresh: boolean, since: number): Promise<Fetched> {
    const { entitlement, settings, provider } = ready.connection;
    const { accountId, grantId, linkKey } = entitlement;
    const versions = [settings.version, provider.version];
    const key = JSON.stringify([accountId, grantId, linkKey, ...versions, refresh]);
    const current = fetches.get(key);
    if (current && current.endedAt > since) {
      metrics.mailCache('shared');
      return current.fetched;
    }
    metrics.mailCache('miss');
    const started: Fetch = { fetched: fetchAndKeep(ready), endedAt: Number.POSITIVE_INFINITY };
    fetches.set(key, started);
    const end = () => {
      started.endedAt = performance.now();
      setTimeout(() => {
        if (fetches.get(key) === started) fetches.delete(key);
      }, joinableForMs).unref();
    };
    started.fetched.then(end, end);
    return started.fetched;
  }

  async function fetchAndKeep(ready: Ready): Promise<Fetched> {
    const { entitlement, settings } = ready.connection;
    const fetched = await fetchMail(ready);
    const kept = {
      entitlement,
      fingerprint: fingerprintOf(settings),
      sealed: vault.seal(JSON.stringify(fetched.list), keptMailPlace(entitlement)),
      fetchedAt: new Date(fetched.list.fetchedAt),
      expiresAt: new Date(now().getTime() + keepForMs),
    };
    // Where nothing is stored, withConnection drops the list as well.
    await keepMail(db, kept, settings);
    return fetched;
  }

  /** The stored list, if it belongs to this user and this source now. One that cannot be opened counts as missing. */
  async function readKept(accountId: string, settings: Settings) {
    const row = await readKeptMail(db, accountId, now());
    if (!row || !isOfSameSource(row, settings)) return null;
    try {
      return { row, list: openKeptList(vault, row.sealed, row.entitlement) };
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      await deleteKeptMail(db, accountId);
      await auditRefusedSeal(db, { kind: 'kept_mail', id: accountId });
      return null;
    }
  }

  async function fetchMail({ connection, callGraph }: Ready): Promise<Fetched> {
    const { settings, suffix } = connection;
    const known = whatIsKnown(connection);
    let error: AppError | null = null;
    const list = await callGraph(async (call, noteAside) => {
      error = null;
      const counting = unreadCount(call, settings).catch((failure: unknown) => {
        noteAside(failure);
        return null;
      });
      const messages = await listMessages({
        ...call,
        mailUrl: settings.mailUrl,
        top: settings.mailCount,
        unreadOnly: settings.unreadOnly,
        preview: settings.previewEnabled,
        onIncomplete: (failure) => {
          noteAside(failure);
          error = fromMicrosoft(failure, 'mail', { called: settings.mailUrl, suffix, known });
        },
      });
      return {
        items: messages.map(toArrival),
        // The list is what the user came for: it is shown without the folder's count where that fails or takes long.
        unreadCount: await Promise.race([counting, sleep(countPatienceMs, null, { ref: false })]),
        fetchedAt: now().toISOString(),
      };
    });
    return { list: error === null ? list : { ...list, incomplete: true }, error };
  }
}

function unreadCount(call: GraphCall, settings: Settings): Promise<number | null> {
  const folderUrl = folderUrlOf(settings.mailUrl);
  return folderUrl === undefined ? Promise.resolve(null) : readUnreadCount({ ...call, folderUrl });
}

/** Whether the stored list matches the current settings. */
function isOf({ row }: { row: KeptMail }, { connection: { entitlement, settings } }: Ready): boolean {
  const { grantId, linkKey } = row.entitlement;
  const isSame = grantId === entitlement.grantId && linkKey === entitlement.linkKey;
  return isSame && row.fingerprint === fingerprintOf(settings);
}

function toArrival(message: Message): Arrival {
  return {
    id: message.id,
    kind: message.kind,
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
