import { hash } from 'node:crypto';
import type { Arrival, NewArrivals } from '@argus/contract/endpoints/mail';
import type { Entitlement } from '../connection/records/entitlement.ts';
import { keptMailPlace } from '../connection/records/mail-cache.ts';
import type { Settings } from '../connection/records/settings.ts';
import type { Vault } from '../platform/vault/seal.ts';

/** A user's mail as stored, sealed. */
export interface KeptList {
  readonly items: readonly Arrival[];
  readonly unreadCount: number | null;
  readonly fetchedAt: string;
  /** A later page could not be read: the next load asks Microsoft again. */
  readonly incomplete?: boolean;
}

/** Loads within this time of each other share one fetch; the automatic refresh interval is always longer. */
const freshForMs = 15_000;
/** 再読み込み calls Microsoft at most this often. */
const refreshAtMostEveryMs = 5_000;

/** Whether a list is shown without asking Microsoft again. */
export function isFresh(fetchedAt: Date, now: Date, refresh: boolean): boolean {
  return now.getTime() - fetchedAt.getTime() < (refresh ? refreshAtMostEveryMs : freshForMs);
}

/** How long a fresh list stays so. Milliseconds. */
export function freshMs(fetchedAt: Date, now: Date): number {
  return fetchedAt.getTime() + freshForMs - now.getTime();
}

/** @throws UnsealError */
export function openKeptList(vault: Vault, sealed: string, entitlement: Entitlement): KeptList {
  return JSON.parse(vault.open(sealed, keptMailPlace(entitlement))) as KeptList;
}

/**
 * The mailbox and folder that a list is of: mail of another one is not shown in its place, not even beside an error. Account, grant,
 * link and provider are not in it, as nothing stored is read where they differ (`isEntitled`).
 */
function sourceOf({ mailUrl }: Pick<Settings, 'mailUrl'>): string {
  return hash('sha256', mailUrl, 'base64url');
}

/** Changes with the settings that decide which messages are listed, and how; its end is the source. */
export function fingerprintOf(settings: Pick<Settings, 'version' | 'mailUrl'>): string {
  return `${settings.version}/${sourceOf(settings)}`;
}

/** Whether a list is of the same mailbox and folder as by these settings, although perhaps of another length. */
export function isOfSameSource({ fingerprint }: { readonly fingerprint: string }, settings: Settings): boolean {
  return fingerprint.split('/')[1] === sourceOf(settings);
}

/** A list by the present settings, which may show less than when it was fetched: unread messages only, or no previews. */
export function shapeList(
  { items, unreadCount, fetchedAt }: KeptList,
  settings: Pick<Settings, 'previewEnabled' | 'refreshIntervalSeconds' | 'unreadOnly'>,
): NewArrivals {
  const { previewEnabled, refreshIntervalSeconds, unreadOnly } = settings;
  const listed = items.filter(({ unread }) => unread || !unreadOnly);
  const shown = previewEnabled ? listed : listed.map((item) => ({ ...item, preview: null }));
  return { items: shown, unreadCount, fetchedAt, refreshIntervalSeconds };
}
