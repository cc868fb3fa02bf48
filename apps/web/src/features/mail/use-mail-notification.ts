import type { Arrival } from '@argus/contract/endpoints/mail';
import { useEffect, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { isFramed } from '../../lib/is-framed.ts';

const storageKey = 'argus.notify-of-mail';
/** How many senders a notification names. */
const mostSenders = 3;

/** Whether the user wants the browser to tell of new mail while the page is not in front. Kept by the browser, not by the account. */
export interface MailNotification {
  /** `unavailable`: not in this browser, or not in a frame of another site. `blocked`: the browser was told to refuse. */
  readonly state: 'unavailable' | 'off' | 'on' | 'blocked';
  /** Asks the browser for leave where it has not been asked yet. */
  readonly toggle: () => void;
}

function isWanted(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'on';
  } catch {
    return false;
  }
}

function keepWish(wanted: boolean): void {
  try {
    if (wanted) localStorage.setItem(storageKey, 'on');
    else localStorage.removeItem(storageKey);
  } catch {
    // Without storage the wish ends with the page.
  }
}

/**
 * Tells of new mail by the browser's notifications: off until the user asks for it, and only while the page is not in front.
 * @param arrived what came with the last refresh; another array each time
 */
export function useMailNotification(arrived: readonly Arrival[]): MailNotification {
  const words = useText('mail');
  const [wanted, setWanted] = useState(isWanted);
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  const isOn = wanted && permission === 'granted';

  useEffect(() => {
    if (!isOn || arrived.length === 0 || document.visibilityState === 'visible') return;
    const senders = [...new Set(arrived.map(({ sender }) => sender?.name || sender?.address || words.noSender))];
    // The same tag: a later one replaces it, so that they do not pile up over a lunch break.
    const shown = new Notification(words.arrived(arrived.length), {
      body: senders.slice(0, mostSenders).join('\n'),
      tag: storageKey,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  }, [arrived, isOn, words]);

  if (isFramed || !('Notification' in window)) return { state: 'unavailable', toggle: () => {} };
  const toggle = () => {
    const next = !isOn;
    setWanted(next);
    keepWish(next);
    if (next && permission !== 'granted') void Notification.requestPermission().then(setPermission);
  };
  if (wanted && permission === 'denied') return { state: 'blocked', toggle };
  return { state: isOn ? 'on' : 'off', toggle };
}
