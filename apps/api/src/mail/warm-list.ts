import type { NewArrivals } from '@argus/contract/endpoints/mail';
import { LRUCache } from 'lru-cache';
import { type KeptAlongside, keptAlongsideSql, readKeptAlongside } from '../connection/records/kept-alongside.ts';
import { isUsable } from '../connection/usable-grant.ts';
import type { Alongside, FoundAlong } from '../platform/database/prepared-reads.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import { fingerprintOf, freshMs, isFresh, openKeptList, shapeList } from './kept-list.ts';
import { type ListBytes, listBytes } from './list-bytes.ts';

/** A list that was opened for a session, and the stored row that it was opened from. */
interface Opened {
  readonly from: string;
  readonly bytes: ListBytes;
}

/** Of all lists that are ready: two thousand with previews. The least used go first. */
const mostBytes = 40 * 1024 * 1024;

/**
 * Answers from the stored list where it is fresh, by what was read alongside the session. That one statement decides anew each time:
 * session, account, link, grant, provider, settings and list are as the database has them now, whichever instance changed them. The process
 * only spares itself opening and serializing the same row again.
 */
export function createWarmList({ vault, metrics, now }: Pick<Services, 'vault' | 'metrics' | 'now'>) {
  const opened = new LRUCache<string, Opened>({
    maxSize: mostBytes,
    sizeCalculation: ({ bytes }) => bytes.body.length + 1_024,
    // Nothing is answered from a list that is not fresh any more, so none stays in memory.
    ttlAutopurge: true,
  });
  const alongside: Alongside = {
    name: 'kept_list',
    sql: keptAlongsideSql,
    known: (session) => opened.get(session)?.from.split(' ', 1)[0] ?? '',
  };

  /** The bytes of a fresh list; null where Microsoft has to be asked, or the list needs a closer look. */
  function find(
    accountId: string,
    { by, row }: FoundAlong,
    { refresh, serialize }: { readonly refresh: boolean; readonly serialize: (list: NewArrivals) => string },
  ): ListBytes | null {
    const kept = readKeptAlongside(accountId, row);
    const at = now();
    if (!kept || !isUsable(kept, kept, kept) || kept.keptUntil <= at || !isFresh(kept.fetchedAt, at, refresh))
      return null;
    if (kept.fingerprint !== fingerprintOf({ version: kept.settingsVersion, mailUrl: kept.mailUrl })) return null;
    const from = rowOf(kept);
    const known = opened.get(by);
    const bytes = known?.from === from ? known.bytes : open(kept, serialize);
    if (bytes === null) return null;
    if (bytes !== known?.bytes) opened.set(by, { from, bytes }, { ttl: freshMs(kept.fetchedAt, at) });
    metrics.mailCache('hit');
    metrics.portletRequest('ok');
    return bytes;
  }

  function open(kept: KeptAlongside, serialize: (list: NewArrivals) => string): ListBytes | null {
    if (kept.sealed === null) return null;
    try {
      const list = openKeptList(vault, kept.sealed, kept.entitlement);
      return list.incomplete ? null : listBytes(serialize(shapeList(list, kept)));
    } catch (error) {
      // The longer way deletes it, and tells the audit log.
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }

  return { alongside, find };
}

/** Names the sealed value of a row, and whose it is: equal only where both are the same. */
function rowOf({ mark, fingerprint, fetchedAt, entitlement }: KeptAlongside): string {
  const { accountId, grantId, linkKey } = entitlement;
  return `${mark} ${fingerprint} ${fetchedAt.getTime()} ${accountId} ${grantId} ${linkKey}`;
}
