import { useSyncExternalStore } from 'react';

/** Why this tab's session has ended; null while it has not. */
export type SessionEnd = 'expired' | 'signed_out_elsewhere' | null;

let current: SessionEnd = null;
const listeners = new Set<() => void>();

/** Records that the session has ended (the first reason stays), or that there is one again. */
export function setSessionEnd(next: SessionEnd): void {
  current = next === null ? null : (current ?? next);
  for (const listener of listeners) listener();
}

export function readSessionEnd(): SessionEnd {
  return current;
}

export function useSessionEnd(): SessionEnd {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readSessionEnd);
}
