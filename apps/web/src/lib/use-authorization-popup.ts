import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { request } from './api-client.ts';
import { renewMicrosoftData } from './connection-changed.ts';

const closedEveryMs = 1_000;
const stateEveryMs = 3_000;
/** As long as a started authorization can be finished at all. */
const patienceMs = 10 * 60_000;

export type PopupState =
  | { readonly step: 'idle' }
  | { readonly step: 'opening' }
  | { readonly step: 'waiting' }
  | { readonly step: 'blocked' }
  | { readonly step: 'closed' }
  | { readonly step: 'failed'; readonly error: unknown };

/** Whether this page is framed. Microsoft's sign-in page refuses framing, so it needs its own window. */
export const isFramed = window.self !== window.top;

/**
 * The authorization from an embedding iframe. Microsoft's page refuses frames, so it runs in a pop-up, which cannot
 * see the iframe's partitioned session cookie: a one-time ticket replaces it. The API is asked for the outcome; no
 * message is trusted.
 */
export function useAuthorizationPopup(): { state: PopupState; open: () => void } {
  const queryClient = useQueryClient();
  const [state, setState] = useState<PopupState>({ step: 'idle' });
  const popup = useRef<Window | null>(null);

  const open = useCallback(() => {
    // Synchronously, within the click: after an await the browser would block it as an unwanted pop-up.
    const opened = window.open('about:blank', 'argus-authorization', 'popup,width=520,height=720');
    if (!opened) {
      setState({ step: 'blocked' });
      return;
    }
    popup.current = opened;
    setState({ step: 'opening' });
    request('POST /api/authorization/tickets').then(
      ({ startUrl }) => {
        opened.location.href = new URL(startUrl, location.href).href;
        setState({ step: 'waiting' });
      },
      (error: unknown) => {
        opened.close();
        setState({ step: 'failed', error });
      },
    );
  }, []);

  useEffect(() => {
    if (state.step !== 'waiting') return;
    const before = queryClient.getQueryData(authorizationQuery.queryKey);
    const giveUpAt = Date.now() + patienceMs;
    let over = false;
    const finish = (next: PopupState) => {
      over = true;
      setState(next);
      void renewMicrosoftData(queryClient);
    };
    const look = async (): Promise<void> => {
      const now = await queryClient.fetchQuery({ ...authorizationQuery, staleTime: 0 }).catch(() => undefined);
      if (over || !now) return;
      const changed = now.state !== before?.state || now.authorizedAccount !== before?.authorizedAccount;
      const renewed = now.state === 'authorized' && now.authorizedAt !== before?.authorizedAt;
      if (changed || renewed) finish({ step: 'idle' });
    };
    const watchClosed = setInterval(() => {
      if (over || !(popup.current?.closed || Date.now() > giveUpAt)) return;
      clearInterval(watchClosed);
      // A request that started before the window closed may have missed what was done in it.
      void queryClient
        .cancelQueries({ queryKey: authorizationQuery.queryKey })
        .then(look)
        .then(() => {
          if (!over) finish({ step: 'closed' });
        });
    }, closedEveryMs);
    const watchState = setInterval(() => void look(), stateEveryMs);
    return () => {
      over = true;
      clearInterval(watchClosed);
      clearInterval(watchState);
    };
  }, [state.step, queryClient]);

  return { state, open };
}
