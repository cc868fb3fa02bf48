import { useSyncExternalStore } from 'react';

/** Why the session that this tab worked with is over; null while it is not. */
export type SessionEnd = 'expired' | 'signed_out_elsewhere' | null;

let current: SessionEnd = null;
const listeners = new Set<() => void>();

/** Says that the session is over (the first reason stays), or that there is one again. */
export function setSessionEnd(next: SessionEnd): void {
  current = next === null ? null : (current ?? next);
  for (const listener of listeners) listener();
}

export function useSessionEnd(): SessionEnd {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
