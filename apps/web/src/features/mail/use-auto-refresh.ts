import { useEffect, useState, useSyncExternalStore } from 'react';
import { useOnline } from '../../lib/use-online.ts';
import { planRefresh } from './plan-refresh.ts';

function useVisible(): boolean {
  return useSyncExternalStore(
    (notify) => {
      document.addEventListener('visibilitychange', notify);
      return () => document.removeEventListener('visibilitychange', notify);
    },
    () => document.visibilityState === 'visible',
  );
}

/**
 * Calls `refresh` at the planned time, but only while the page is online and visible, or to be refreshed all the same; a missed time is made up for at
 * once.
 * @param answeredAt when the last answer came, ms since the epoch; each answer causes a new plan
 * @returns when the next refresh is due (ms since the epoch), null if none is
 */
export function useAutoRefresh(options: {
  answeredAt: number;
  intervalSeconds: number;
  retryAt: number | null;
  whileHidden: boolean;
  refresh: () => void;
}): number | null {
  const { answeredAt, intervalSeconds, retryAt, whileHidden, refresh } = options;
  const visible = useVisible();
  const online = useOnline();
  const awake = (visible || whileHidden) && online;
  const [random] = useState(Math.random);
  const due = answeredAt === 0 ? null : planRefresh(answeredAt, intervalSeconds, retryAt, random);
  useEffect(() => {
    if (due === null || !awake) return;
    const timer = setTimeout(refresh, Math.max(0, due - Date.now()));
    return () => clearTimeout(timer);
  }, [due, awake, refresh]);
  return awake ? due : null;
}
