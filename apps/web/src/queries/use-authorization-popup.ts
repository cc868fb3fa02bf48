import type { OutcomeView } from '@argus/contract/endpoints/connection/authorize';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { ProblemError, request } from '../lib/api-client.ts';
import { fromProblem, type ShownProblem } from '../lib/shown-problem.ts';
import { authorizationQuery } from './authorization-query.ts';
import { renewMicrosoftData } from './connection-changed.ts';

const askEveryMs = 3_000;
/** As long as a started authorization can be finished at all. */
const patienceMs = 10 * 60_000;

export type PopupState =
  | { readonly step: 'idle' }
  | { readonly step: 'opening' }
  /** `outcomeId`: where it will end; null where only the state of the authorization tells. */
  | { readonly step: 'waiting'; readonly outcomeId: string | null }
  | { readonly step: 'blocked' }
  /** It cannot end any more: its time is up, or the user has signed out or revoked meanwhile. */
  | { readonly step: 'lapsed' }
  | { readonly step: 'refused'; readonly problem: ShownProblem }
  | { readonly step: 'failed'; readonly error: unknown };

/**
 * The authorization from an embedding iframe. Microsoft's page refuses frames, so it runs in a pop-up, which cannot
 * see the iframe's partitioned session cookie: a one-time ticket replaces it. The API is asked for the outcome; no
 * message is trusted.
 *
 * Nor is `closed` of the pop-up: it reads true as soon as the pop-up shows Microsoft's pages, which separate
 * themselves from their opener (Cross-Origin-Opener-Policy: same-origin).
 */
export function useAuthorizationPopup(): { state: PopupState; open: () => void } {
  const queryClient = useQueryClient();
  const [state, setState] = useState<PopupState>({ step: 'idle' });

  const open = useCallback(() => {
    // Synchronously, within the click: after an await the browser would block it as an unwanted pop-up.
    const opened = window.open('about:blank', 'argus-authorization', 'popup,width=520,height=720');
    if (!opened) {
      setState({ step: 'blocked' });
      return;
    }
    setState({ step: 'opening' });
    request('POST /api/authorization/tickets').then(
      ({ startUrl, outcomeId }) => {
        opened.location.href = new URL(startUrl, location.href).href;
        setState({ step: 'waiting', outcomeId });
      },
      (error: unknown) => {
        opened.close();
        setState({ step: 'failed', error });
      },
    );
  }, []);

  useEffect(() => {
    if (state.step !== 'waiting') return;
    const { outcomeId } = state;
    let before = queryClient.getQueryData(authorizationQuery.queryKey);
    const giveUpAt = Date.now() + patienceMs;
    let over = false;
    let unknown = 0;
    const finish = (next: PopupState) => {
      over = true;
      setState(next);
      void renewMicrosoftData(queryClient);
    };
    const look = async (): Promise<void> => {
      const end = outcomeId === null ? undefined : await readEnd(outcomeId);
      if (over) return;
      // While a ticket is being exchanged for its flow, the API knows neither of them for a moment.
      unknown = end?.step === 'lapsed' ? unknown + 1 : 0;
      if (end && unknown !== 1) return finish(end);
      const now = await queryClient.fetchQuery({ ...authorizationQuery, staleTime: 0 }).catch(() => undefined);
      if (over) return;
      // Without a state to compare with, the first one becomes it.
      before ??= now;
      const changed = now?.state !== before?.state || now?.authorizedAccount !== before?.authorizedAccount;
      const renewed = now?.state === 'authorized' && now.authorizedAt !== before?.authorizedAt;
      if (now && (changed || renewed)) finish({ step: 'idle' });
      else if (Date.now() > giveUpAt) finish({ step: 'lapsed' });
    };
    const asking = setInterval(() => void look(), askEveryMs);
    return () => {
      over = true;
      clearInterval(asking);
    };
  }, [state, queryClient]);

  return { state, open };
}

/** How the pop-up has ended; undefined while it has not, or nobody knows. */
async function readEnd(outcomeId: string): Promise<PopupState | undefined> {
  try {
    return endOf(await request('GET /api/authorization/outcomes/:id', { params: { id: outcomeId } }));
  } catch (error) {
    return error instanceof ProblemError && error.problem.code === 'outcome_expired' ? { step: 'lapsed' } : undefined;
  }
}

function endOf({ result, problem }: OutcomeView): PopupState | undefined {
  if (result === 'authorized') return { step: 'idle' };
  return result === 'failed' && problem ? { step: 'refused', problem: fromProblem(problem, Date.now()) } : undefined;
}
